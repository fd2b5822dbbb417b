"""Where Pages come from: files, standard input, lines of JSON. And their addresses: feeds, sitemaps, whole sites."""
