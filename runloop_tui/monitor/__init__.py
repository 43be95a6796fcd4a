"""What we know and how it changes; knows no screen and no HTTP."""
