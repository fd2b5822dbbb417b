"""Page -> Document: parse and prune, cut into blocks, ask trafilatura about each of them, read the metadata.

`scrub.html.read.read_html` is the one way in.
"""
