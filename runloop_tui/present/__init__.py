"""Text that a person reads, made by pure functions from models and the current time."""
