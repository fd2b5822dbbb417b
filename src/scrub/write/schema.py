"""The JSON Schema (draft 2020-12) of one article as `record` writes it."""

from __future__ import annotations

from typing import Any, get_args

from scrub.model import Access, BlockKind

OPTIONAL = ("removed", "blocks", "after")  # absent with --no-removed; there with --full


def article_schema() -> dict[str, Any]:
    """The schema; every object that scrub writes validates against it."""
    fields = _fields()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "scrub article",
        "description": "One article as `scrub clean --json` and `scrub fetch --json` write it, one object a line.",
        "type": "object",
        "properties": fields,
        "required": [name for name in fields if name not in OPTIONAL],
        "additionalProperties": False,
    }


def _fields() -> dict[str, Any]:
    return {
        "url": _nullable("the address that the page came from"),
        "requested_url": _nullable("the address that was asked for, before redirects"),
        "canonical_url": _nullable("the address that the page calls its own"),
        "site": _nullable("the name of the site"),
        "title": _nullable("the headline"),
        "authors": _strings("the people who wrote it"),
        "published": _nullable("ISO 8601, with an offset where the page gives one"),
        "modified": _nullable("ISO 8601, with an offset where the page gives one"),
        "language": _nullable("BCP 47"),
        "description": _nullable("what the page says it is about"),
        "section": _nullable("the part of the site that it stands in"),
        "tags": _strings("the page's own key words"),
        "image": _nullable("the address of its main picture"),
        "access": {"enum": list(get_args(Access)), "description": "whether anyone may read it"},
        "text": {"type": "string", "description": "the body without the title"},
        "removed": {
            "type": "array",
            "items": _removal(),
            "description": "everything that was taken, in reading order; absent with --no-removed",
        },
        "sources": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "description": "for each metadata field that was found, the part of the page that gave it",
        },
        "confidence": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "warnings": _strings("what to know before trusting the result"),
        "preferences": _strings("what the site says on automated use"),
        "fetched_at": _nullable("ISO 8601"),
        "status": {"type": ["integer", "null"], "description": "the status of the HTTP response"},
        "scrub": {
            "type": "object",
            "properties": {
                "version": {"type": "string"},
                "rules": {"type": "string"},
                "model": {"type": ["string", "null"]},
            },
            "required": ["version", "rules", "model"],
            "additionalProperties": False,
            "description": "the versions of the program, its rules and its model",
        },
        "blocks": {"type": "array", "items": _block(), "description": "with --full: every block, in reading order"},
        "after": {"type": "string", "description": "with --full: what stood after the last block"},
    }


def _removal() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "block": {"type": "integer", "minimum": 0, "description": "the block's place in reading order"},
        "start": {"type": "integer", "minimum": 0, "description": "the first character of the block that was taken"},
        "end": {"type": "integer", "minimum": 0, "description": "the character after the last one taken"},
        "text": {"type": "string"},
        "rule": {"type": "string", "description": "the rule's id, its class before the first dot"},
        "class": {"type": "string"},
        "reason": {"type": "string"},
        "score": {"type": ["number", "null"]},
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _block() -> dict[str, Any]:
    decision: dict[str, Any] = {
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 0},
        "keep": {"type": "boolean"},
        "rule": {"type": "string", "description": "the rule that decided; empty where none did"},
        "reason": {"type": "string"},
        "score": {"type": ["number", "null"]},
    }
    fields: dict[str, Any] = {
        "before": {"type": "string", "description": "what stood before the block: line ends, space"},
        "text": {"type": "string"},
        "kind": {"enum": list(get_args(BlockKind))},
        "decisions": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": decision,
                "required": list(decision),
                "additionalProperties": False,
            },
            "description": "they cover the text once, in order",
        },
    }
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def _nullable(description: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "description": description}


def _strings(description: str) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, "description": description}
