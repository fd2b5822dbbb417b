"""Many articles: one after the other, each failure its own."""
