"""An article as one JSON object: the fields of the contract, all of them, always in the same order."""

from __future__ import annotations

import json
from typing import Any

from scrub.model import Article, Removal
from scrub.version import __version__


def to_record(article: Article, *, with_removed: bool = True) -> dict[str, Any]:
    """The article's fields; absent values are None or empty, never missing."""
    metadata = article.metadata
    record: dict[str, Any] = {
        "url": metadata.url,
        "requested_url": metadata.requested_url,
        "canonical_url": metadata.canonical_url,
        "site": metadata.site,
        "title": article.title,
        "authors": list(metadata.authors),
        "published": metadata.published,
        "modified": metadata.modified,
        "language": metadata.language,
        "description": metadata.description,
        "section": metadata.section,
        "tags": list(metadata.tags),
        "image": metadata.image,
        "access": metadata.access,
        "text": article.text,
    }
    if with_removed:
        record["removed"] = [_removal(removal) for removal in article.removed]
    return record | {
        "sources": dict(metadata.sources),
        "confidence": article.confidence,
        "warnings": list(article.warnings),
        "preferences": list(metadata.preferences),
        "fetched_at": metadata.fetched_at,
        "status": metadata.status,
        "scrub": {"version": __version__, "rules": article.rules_version, "model": None},
    }


def _removal(removal: Removal) -> dict[str, Any]:
    return {
        "block": removal.block,
        "start": removal.start,
        "end": removal.end,
        "text": removal.text,
        "rule": removal.rule,
        "class": removal.category,
        "reason": removal.reason,
        "score": removal.score,
    }


def to_json_line(article: Article, *, with_removed: bool = True) -> bytes:
    """The article as one line of JSON Lines, in UTF-8."""
    line = json.dumps(to_record(article, with_removed=with_removed), ensure_ascii=False)
    return line.encode("utf-8", "replace") + b"\n"


def to_text(article: Article) -> bytes:
    """Title and body as text, in UTF-8, with a line end at the end; cleaning it again changes nothing."""
    return article.whole_text.encode("utf-8", "replace") + b"\n"
