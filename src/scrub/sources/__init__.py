"""Where Pages come from: files, standard input, lines of JSON."""
