"""Whether anyone may read an article, and whether what the page holds of it is cut.

What the page declares comes first: JSON-LD (schema.org `isAccessibleForFree`, `hasPart` with a `cssSelector`, as search
engines ask for it: https://developers.google.com/search/docs/appearance/structured-data/paywalled-content), then meta
elements, then the status. Wordings such as "for subscribers" are no sign: open pages have them too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrub import shape
from scrub.html.metadata.json_text import Json, read_json
from scrub.model import Access, Block, Metadata

CUT_WARNING = "the page is behind a paywall and its text is cut: what is here is only its beginning"
FEWEST_WORDS = 30  # under a paywall's selector, for its text to be there
SHORT = 150  # words of an article of which no part is named: a paywall leaves a beginning of about this length
MOST_SELECTORS = 5
MOST_NODES = 3_000
# `og:` and `article:` before these are cut off. Facebook's content_tier is `free`, `metered` or `locked`.
_META: dict[str, dict[str, Access]] = {
    "content_tier": {"free": "open", "metered": "metered", "locked": "paywalled", "paid": "paywalled"},
    "isaccessibleforfree": {"true": "open", "false": "paywalled"},
}  # fmt: skip
_SIMPLE_SELECTOR = re.compile(r"[.#]?[A-Za-z_][\w-]{0,80}(?:[.#][\w-]{1,80}){0,3}")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Paywall(NamedTuple):
    """What the page says of its access and where; whether the text of the part behind the wall is there (None where
    the page names no such part)."""

    access: Access = "unknown"
    source: str | None = None
    has_text: bool | None = None


def read_paywall(tree: LexborHTMLParser, declared: Access, status: int | None) -> Paywall:
    """Read it from a page that is not pruned yet; `declared` is what its JSON-LD says of the article."""
    selectors, any_closed = _closed_parts(tree)
    meta = _meta_access(tree)
    has_text = _has_text(tree, selectors) if selectors else None
    if declared == "paywalled" or (declared == "unknown" and any_closed):
        return Paywall("metered" if meta == "metered" else "paywalled", "json-ld", has_text)
    if declared != "unknown":
        return Paywall(declared, "json-ld")
    if meta != "unknown":
        return Paywall(meta, "meta", has_text)
    return Paywall("paywalled", "status") if status == 402 else Paywall()


def with_access(metadata: Metadata, paywall: Paywall) -> Metadata:
    """The metadata with that access, and with where it stood."""
    if paywall.source is None:
        return metadata
    sources = dict(metadata.sources) | {"access": paywall.source}
    return metadata._replace(access=paywall.access, sources=tuple(sources.items()))


def cut_warning(paywall: Paywall, kept: Iterable[Block]) -> tuple[str, ...]:
    """That the text is cut, where the wall's part is missing, or where none is named and the article is short."""
    if paywall.access not in ("paywalled", "metered") or paywall.has_text:
        return ()
    words = sum(shape.count_words(block.text) for block in kept if shape.is_prose(block.text))
    return (CUT_WARNING,) if paywall.has_text is False or (paywall.access == "paywalled" and words < SHORT) else ()


def _closed_parts(tree: LexborHTMLParser) -> tuple[list[str], bool]:
    """The selectors of the parts that JSON-LD says are not free, and whether it says that of any part."""
    selectors: list[str] = []
    any_closed = False
    for script in tree.css("script[type*='ld+json']"):
        text = script.text()
        for node in _nodes(read_json(text)) if "cssSelector" in text else ():
            if "cssSelector" in node and str(node.get("isAccessibleForFree")).rsplit("/", 1)[-1].lower() == "false":
                any_closed = True
                values = node["cssSelector"] if isinstance(node["cssSelector"], list) else [node["cssSelector"]]
                selectors += [str(value).strip() for value in values[:MOST_SELECTORS]]
    return [one for one in selectors if _SIMPLE_SELECTOR.fullmatch(one)][:MOST_SELECTORS], any_closed


def _nodes(values: list[Json]) -> Iterator[dict[str, Json]]:
    waiting = list(values)
    for _ in range(MOST_NODES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += [child for child in value.values() if isinstance(child, dict | list)]
        elif isinstance(value, list):
            waiting += value[:MOST_NODES]


def _meta_access(tree: LexborHTMLParser) -> Access:
    for node in tree.css("meta[content]")[:MOST_NODES]:
        attributes = node.attributes
        for attribute in ("property", "name", "itemprop"):
            name = (attributes.get(attribute) or "").lower().removeprefix("og:").removeprefix("article:")
            access = _META.get(name, {}).get((attributes.get("content") or "").strip().lower())
            if access is not None:
                return access
    return "unknown"


def _has_text(tree: LexborHTMLParser, selectors: list[str]) -> bool:
    words = 0
    for selector in selectors:
        for node in tree.css(selector)[:100]:
            words += 0 if _is_hidden(node) else shape.count_words(node.text(separator=" "))
    return words >= FEWEST_WORDS


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style") or ""))
