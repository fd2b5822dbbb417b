"""What a site says on automated use. The texts of its signals come in, `Preference`s go out; nothing is fetched here.

A preference is recorded as it was said. It denies the purposes that it names with a "no", and a "yes" or silence never
outweighs another signal's "no". The exception is TDMRep, whose own places supersede each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from scrub.net.head import Element
from scrub.net.settings import Purpose

NOBODY: frozenset[Purpose] = frozenset()
TRAIN: frozenset[Purpose] = frozenset({"train"})
RAG: frozenset[Purpose] = frozenset({"rag"})
SEARCH: frozenset[Purpose] = frozenset({"search"})
ARCHIVE: frozenset[Purpose] = frozenset({"archive"})
# Directive (EU) 2019/790, 2(2): automated analysis of text to generate information. Finding pages is not meant by
# those who reserve it, and has signals of its own.
MINING: frozenset[Purpose] = RAG | TRAIN

# The vocabulary of the IETF's AIPREF drafts (draft-ietf-aipref-vocab, with the labels of its earlier versions), the
# most specific first: within one expression, the more specific label decides.
USAGES: tuple[Mapping[str, frozenset[Purpose]], ...] = (
    {
        "search": SEARCH,
        "ai-use": RAG,
        "ai-input": RAG,
        "ai-output": RAG,
        "train-genai": TRAIN,
        "genai": TRAIN,
        "train-ai": TRAIN,
        "ai-train": TRAIN,
        "ai": TRAIN,
    },
    {"tdm": MINING},
    {"bots": ARCHIVE | SEARCH | RAG | TRAIN},
)
# contentsignals.org: three signals, each yes or no.
CONTENT_SIGNALS: tuple[Mapping[str, frozenset[Purpose]], ...] = (
    {"search": SEARCH, "ai-input": RAG, "ai-train": TRAIN},
)
# X-Robots-Tag and <meta name=robots>: the words of search engines, and two of artists' and publishers' platforms.
# nosnippet also keeps a text out of generated answers; noimageai speaks of images, which are not taken here.
ROBOTS_WORDS: Mapping[str, frozenset[Purpose]] = {
    "noai": MINING,
    "noarchive": ARCHIVE,
    "noimageai": NOBODY,
    "noindex": SEARCH,
    "none": SEARCH,
    "nosnippet": RAG,
}

MOST_PREFERENCES = 40
LONGEST_SAID = 200

SAID = re.compile(r"\s{0,9}([a-z][a-z0-9_-]{0,40})\s{0,9}=\s{0,9}\"?([a-z0-9?_-]{1,20})", re.IGNORECASE)
LINK = re.compile(
    r"<([^<>]{1,2000}+)>"
    r"((?>(?:\s{0,9}+;\s{0,9}+[a-z*-]{1,40}+\s{0,9}+=\s{0,9}+(?:\"[^\"]{0,200}+\"|[^\s;,\"]{0,200}+)){0,20}))",
    re.IGNORECASE,
)
RSL_TYPE = "application/rsl+xml"
TYPE = re.compile(r";\s{0,9}type\s{0,9}=\s{0,9}\"?([^\";\s]{1,200})", re.IGNORECASE)
RELATION = re.compile(r";\s{0,9}rel\s{0,9}=\s{0,9}\"?([^\";]{1,200})", re.IGNORECASE)


class Preference(NamedTuple):
    """One thing that a site says: by which signal and where it stood, in which words, and the purposes it denies."""

    signal: str
    said: str
    denies: frozenset[Purpose] = NOBODY

    def __str__(self) -> str:
        return f"{self.signal}: {self.said}"


def read_content_usage(value: str, signal: str) -> tuple[Preference, ...]:
    """The preferences of an AIPREF expression (`train-ai=n, search=y`), a dictionary of RFC 9651."""
    return _read_expression(value, signal, USAGES, "n")


def read_content_signal(value: str, signal: str) -> tuple[Preference, ...]:
    """The preferences of a `Content-Signal` (`search=yes, ai-train=no`)."""
    return _read_expression(value, signal, CONTENT_SIGNALS, "no")


def read_robots_words(value: str, signal: str, agents: frozenset[str]) -> tuple[Preference, ...]:
    """The preferences in an `X-Robots-Tag` or robots meta. `otherbot: noindex` is said to `otherbot` and what follows
    it there too; it counts where `otherbot` is one of `agents`, the names that this program goes by."""
    found: list[Preference] = []
    is_meant = True
    for part in value.lower().split(","):
        agent, colon, rest = part.partition(":")
        if colon and agent.strip() not in {
            "unavailable_after",
            "max-snippet",
            "max-image-preview",
            "max-video-preview",
        }:
            is_meant, part = agent.strip() in agents | {"*"}, rest
        if is_meant and (word := part.strip()) in ROBOTS_WORDS:
            found.append(Preference(signal, word, ROBOTS_WORDS[word]))
    return tuple(found)


def read_headers(headers: Iterable[tuple[str, str]], agents: frozenset[str]) -> tuple[Preference, ...]:
    """The preferences in the header of an answer."""
    found: list[Preference] = []
    for name, value in headers:
        match name.lower():
            case "content-usage":
                found += read_content_usage(value, "header Content-Usage")
            case "content-signal":
                found += read_content_signal(value, "header Content-Signal")
            case "x-robots-tag":
                found += read_robots_words(value, "header X-Robots-Tag", agents)
            case "tdm-reservation":
                found.append(_reservation(value, "header tdm-reservation"))
            case "tdm-policy":
                found.append(Preference("header tdm-policy", shorten(value)))
            case "link":
                found += _read_links(value)
    return tuple(found[:MOST_PREFERENCES])


def read_elements(elements: Iterable[Element], agents: frozenset[str]) -> tuple[Preference, ...]:
    """The preferences in a page's meta and link elements."""
    found: list[Preference] = []
    for name, attributes in elements:
        if name == "link":
            found += _name_license(attributes.get("rel", ""), attributes.get("href", ""), "link")
            continue
        key = attributes.get("name", "").strip().lower()
        content = attributes.get("content", "")
        if key == "robots" or key in agents:
            found += read_robots_words(content, f"meta {key}", agents)
        elif key == "tdm-reservation":
            found.append(_reservation(content, "meta tdm-reservation"))
        elif key == "tdm-policy":
            found.append(Preference("meta tdm-policy", shorten(content)))
    return tuple(found[:MOST_PREFERENCES])


def find_licenses(headers: Iterable[tuple[str, str]], elements: Iterable[Element]) -> tuple[str, ...]:
    """The addresses of the RSL documents that an answer names, in its header and in the page, as they are written."""
    found: list[str] = []
    for value in (value for name, value in headers if name.lower() == "link"):
        for link in LINK.finditer(value[:20_000]):
            relation, kind = RELATION.search(link[2]), TYPE.search(link[2])
            if relation and kind and _is_rsl(relation[1], kind[1]):
                found.append(link[1])
    found += [
        attributes["href"]
        for name, attributes in elements
        if name == "link" and "href" in attributes and _is_rsl(attributes.get("rel", ""), attributes.get("type", ""))
    ]
    return tuple(dict.fromkeys(found))


def _is_rsl(relation: str, kind: str) -> bool:
    return "license" in relation.lower().split() and kind.partition(";")[0].strip().lower() == RSL_TYPE


def read_tdmrep(text: str, path: str) -> tuple[Preference, ...]:
    """What a `tdmrep.json` says of a path (TDM Reservation Protocol, 6.1): that of its most specific location.

    A file that is not what it should be says nothing.
    """
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    rows = [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    places = [(str(row.get("location", "")), row) for row in rows[:1000]]
    matching = [(place, row) for place, row in places if place and matches_path(place, path)]
    if not matching:
        return ()
    _, row = max(matching, key=lambda match: len(match[0]))
    found = [_reservation(str(row.get("tdm-reservation", "")), "tdmrep.json tdm-reservation")]
    if policy := row.get("tdm-policy"):
        found.append(Preference("tdmrep.json tdm-policy", shorten(str(policy))))
    return tuple(found)


def settle(preferences: Iterable[Preference]) -> tuple[Preference, ...]:
    """The same, each once, where TDMRep's later place supersedes its earlier ones (file, header, meta)."""
    unique = list(dict.fromkeys(preferences))
    reservations = [one.signal for one in unique if one.signal.endswith("tdm-reservation") and one.said in {"0", "1"}]
    last = reservations[-1] if reservations else ""
    return tuple(
        one._replace(denies=NOBODY) if one.signal.endswith("tdm-reservation") and one.signal != last else one
        for one in unique
    )


def find_refusal(preferences: Iterable[Preference], purpose: Purpose) -> Preference | None:
    """The first preference that denies the purpose: the most restrictive signal wins."""
    return next((one for one in preferences if purpose in one.denies), None)


def matches_path(pattern: str, path: str) -> bool:
    """Whether a pattern with `*` and a final `$` fits the beginning of a path (RFC 9309, 2.2.3), in linear time."""
    to_the_end = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not to_the_end or path == first
    position = len(first)
    *middle, last = others
    for part in middle:
        position = path.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return path.endswith(last) and len(path) - len(last) >= position if to_the_end else path.find(last, position) >= 0


def shorten(text: str) -> str:
    """A site's words, printable and short enough to be kept with each page."""
    words = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * LONGEST_SAID])
    return " ".join(words.split())[:LONGEST_SAID]


def name_license(value: str, signal: str) -> Preference:
    """A license that is named; `rsl` judges what stands in it, where it is one that a program can read."""
    return Preference(signal, shorten(value))


def _read_expression(
    value: str, signal: str, levels: tuple[Mapping[str, frozenset[Purpose]], ...], no: str
) -> tuple[Preference, ...]:
    pairs = [SAID.match(part) for part in value.split(",")[:MOST_PREFERENCES]]
    said = {pair[1].lower(): pair[2].lower() for pair in pairs if pair}
    denied: dict[str, frozenset[Purpose]] = {}
    settled: frozenset[Purpose] = NOBODY
    for labels in levels:
        known = {label: purposes for label, purposes in labels.items() if label in said}
        for label, purposes in known.items():
            if said[label] == no:
                denied[label] = purposes - settled
        settled |= frozenset().union(*known.values())
    return tuple(Preference(signal, f"{label}={word}", denied.get(label, NOBODY)) for label, word in said.items())


def _reservation(value: str, signal: str) -> Preference:
    said = shorten(value)
    return Preference(signal, said, MINING if said == "1" else NOBODY)


def _read_links(value: str) -> list[Preference]:
    """The licenses in a `Link` header (RFC 8288)."""
    found: list[Preference] = []
    for link in LINK.finditer(value[:20_000]):
        relation = RELATION.search(link[2])
        found += _name_license(relation[1] if relation else "", link[1], "header Link")
    return found


def _name_license(relation: str, address: str, where: str) -> list[Preference]:
    if "license" in relation.lower().split() and address:
        return [name_license(address, f"{where} rel=license")]
    if address.partition("?")[0].endswith("/ai.txt"):
        return [Preference(f"{where} ai.txt", shorten(address))]
    return []
