"""Model and time in, text a person reads out."""
