"""A hostile server, and a strict reader of every byte that the program writes to its terminal."""
