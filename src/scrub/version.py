"""The version, a constant: asking the installed package for it costs as much as all the rest of a start."""

__version__ = "0.1.0"
