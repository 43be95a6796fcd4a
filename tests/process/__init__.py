"""The process itself in a real pseudo-terminal: signals, suspend, a terminal that is closed or unusual."""
