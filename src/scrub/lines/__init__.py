"""Lines of a plain text weighed by their shape, place and neighbours: what no wording says.

A Document comes in, verdicts on its blocks go out, each of a rule that names what the line is.
"""
