"""Many articles: one after the other or in several processes, each failure its own."""
