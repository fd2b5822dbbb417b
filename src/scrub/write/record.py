"""An article as one JSON object: the fields of the contract, all of them, always in the same order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scrub.model import Article, Block, Decision, Removal
from scrub.version import __version__

NOTE = "scrub"  # the member of a cleaned line of JSON Lines that says how it was cleaned


def to_record(article: Article, *, with_removed: bool = True, full: bool = False) -> dict[str, Any]:
    """The article's fields; absent values are None or empty, never missing. `full` adds every block with what stood
    before it and its decisions, from which `restore` puts the input together again."""
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
    record |= {
        "sources": dict(metadata.sources),
        "confidence": article.confidence,
        "warnings": list(article.warnings),
        "preferences": list(metadata.preferences),
        "fetched_at": metadata.fetched_at,
        "status": metadata.status,
        "scrub": {"version": __version__, "rules": article.rules_version, "model": None},
    }
    if full:
        record |= _blocks(article)
    return record


def _blocks(article: Article) -> dict[str, Any]:
    own: dict[int, list[Decision]] = {}
    for decision in article.decisions:
        own.setdefault(decision.block, []).append(decision)
    separators = article.document.separators
    blocks = [_block(block, separators[block.index], own.get(block.index, [])) for block in article.document.blocks]
    return {"blocks": blocks, "after": separators[-1]}


def _block(block: Block, before: str, decisions: list[Decision]) -> dict[str, Any]:
    return {
        "before": before,
        "text": block.text,
        "kind": block.kind,
        "decisions": [
            {"start": d.start, "end": d.end, "keep": d.keep, "rule": d.rule, "reason": d.reason, "score": d.score}
            for d in decisions
        ],
    }


def restore(record: Mapping[str, object]) -> str:
    """The text that a `full` record was made of: its blocks, with what stood between them.

    ValueError for a record without blocks, or whose blocks are not as they were written.
    """
    blocks, after = record.get("blocks"), record.get("after")
    if not isinstance(blocks, list) or not isinstance(after, str):
        raise ValueError("a record without blocks")  # noqa: TRY004  # the record's content is wrong, not its type
    return "".join(part for block in blocks for part in _parts(block)) + after


def _parts(block: object) -> tuple[str, str]:
    match block:
        case {"before": str(before), "text": str(text)}:
            return before, text
    raise ValueError("a block without its text")


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


def to_note(article: Article, *, with_removed: bool = True) -> dict[str, Any]:
    """What is said of a cleaned field, beside it: its title, what was removed, what cleaned it."""
    removed = {"removed": [_removal(removal) for removal in article.removed]} if with_removed else {}
    return {
        "title": article.title,
        **removed,
        "warnings": list(article.warnings),
        "version": __version__,
        "rules": article.rules_version,
    }


def to_json_line(article: Article, *, with_removed: bool = True, full: bool = False) -> bytes:
    """The article as one line of JSON Lines, in UTF-8."""
    line = json.dumps(to_record(article, with_removed=with_removed, full=full), ensure_ascii=False)
    return line.encode("utf-8", "replace") + b"\n"


def to_text(article: Article) -> bytes:
    """Title and body as text, in UTF-8, with a line end at the end; cleaning it again changes nothing."""
    return article.whole_text.encode("utf-8", "replace") + b"\n"
