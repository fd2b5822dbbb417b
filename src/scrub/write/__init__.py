"""Article -> bytes: one function for each format, and where the bytes go."""
