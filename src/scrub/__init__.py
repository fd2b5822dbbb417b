"""scrub: the article and nothing else, from a news page or from scraped text, with every removal explained.

    >>> import scrub
    >>> article = scrub.clean_text("The headline\\n\\nA sentence, long enough.\\n\\n(Visited 3 times, 1 visits today)")
    >>> article.text
    'A sentence, long enough.'
    >>> article.removed[0].reason
    'a visit counter, not part of the article'

Everything is loaded when it is first used: `import scrub` alone loads next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrub.version import __version__

if TYPE_CHECKING:
    from scrub.api import clean_file, clean_html, clean_text, fetch, fetch_many
    from scrub.errors import ScrubError
    from scrub.model import Article, Block, Decision

__all__ = [
    "Article",
    "Block",
    "Decision",
    "ScrubError",
    "__version__",
    "clean_file",
    "clean_html",
    "clean_text",
    "fetch",
    "fetch_many",
]

_HOMES = {
    "Article": "scrub.model",
    "Block": "scrub.model",
    "Decision": "scrub.model",
    "ScrubError": "scrub.errors",
    "clean_file": "scrub.api",
    "clean_html": "scrub.api",
    "clean_text": "scrub.api",
    "fetch": "scrub.api",
    "fetch_many": "scrub.api",
}


def __getattr__(name: str) -> Any:
    """Load a public name from where it lives (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'scrub' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
