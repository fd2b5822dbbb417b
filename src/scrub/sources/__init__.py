"""Where Pages come from: files and standard input."""
