"""The process itself in a real pseudo-terminal: signals, suspension, a terminal that goes away or is an odd one."""
