"""What a hostile server sends, held against every byte that the program writes to its terminal."""
