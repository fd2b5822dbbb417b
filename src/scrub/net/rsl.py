"""Licences in Really Simple Licensing, RSL 1.0 (https://rslstandard.org/rsl). The bytes of a document come in, what it
says of a page goes out.

It is judged for somebody who has no licence: what has to be paid for, or asked for at a licence server, is not
permitted. Who the user is and where (`permits type="user"`, `"geo"`) is not known here, and not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from xml.parsers import expat

from scrub.errors import FetchError
from scrub.net.preferences import ARCHIVE, MINING, NOBODY, RAG, SEARCH, TRAIN, Preference, matches_path, shorten
from scrub.net.settings import Purpose

NAMESPACE = re.compile(r"(https?://rslstandard\.org/rsl\b.* )?", re.IGNORECASE)
SIGNAL = "RSL"
FREE = frozenset({"free", "attribution"})

# RSL 1.0, 3.4.1; and the words of the draft of September 2025, which documents still have.
USAGES: Mapping[str, frozenset[Purpose]] = {
    "all": ARCHIVE | SEARCH | RAG | TRAIN,
    "ai-all": MINING,
    "ai-train": TRAIN,
    "ai-input": RAG,
    "ai-index": RAG,
    "search": SEARCH,
    "train-ai": TRAIN,
    "train-genai": TRAIN,
    "ai-use": RAG,
    "ai-summarize": RAG,
}
# What has a word of its own, so that a list of permitted uses without it leaves it out on purpose.
SPOKEN_OF: frozenset[Purpose] = SEARCH | RAG | TRAIN


class License(NamedTuple):
    """One offer: the usages that it permits (`None`: no list of them) and prohibits, and what is asked for them, empty
    where that is nothing."""

    permits: tuple[str, ...] | None = None
    prohibits: tuple[str, ...] = ()
    price: str = ""


class Content(NamedTuple):
    """The offers for the pages whose addresses fit a pattern: one of RFC 9309, with or without a host before it."""

    pattern: str
    licenses: tuple[License, ...]


def read_rsl(body: bytes) -> tuple[Content, ...]:
    """What an RSL document offers. FetchError for what is none, or declares a document type: nothing is expanded."""
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise FetchError(f"no RSL document: {error}") from error
    if not reader.is_rsl:
        raise FetchError("no RSL document: it has no rsl element")
    return tuple(reader.contents)


def judge(contents: Iterable[Content], host: str, path: str) -> tuple[Preference, ...]:
    """What is said of a page by the most specific patterns that fit it, and which purposes that denies.

    A prohibition counts whatever else permits the usage. A list of permitted usages denies those that no list names. A
    usage that is only permitted for a price is denied.
    """
    fitting = [(place, one) for one in contents if (place := _fit(one.pattern, host, path)) is not None]
    longest = max((place for place, _ in fitting), default=0)
    licenses = [offer for place, one in fitting if place == longest for offer in one.licenses]
    named = _purposes(word for one in licenses for word in one.permits or ())
    free = _purposes(word for one in licenses if not one.price for word in one.permits or ())
    said: list[Preference] = []
    for one in licenses:
        if one.prohibits:
            said.append(Preference(SIGNAL, shorten(f"prohibits {' '.join(one.prohibits)}"), _purposes(one.prohibits)))
        if one.permits is not None:
            words, unnamed = f"permits {' '.join(one.permits)}", SPOKEN_OF - named
            paid = _purposes(one.permits) - free if one.price else NOBODY
            said.append(Preference(SIGNAL, shorten(words + (f" for {one.price}" if one.price else "")), unnamed | paid))
        elif one.price:
            said.append(Preference(SIGNAL, shorten(f"asks for {one.price}")))
    return tuple(dict.fromkeys(said))


def unknown(address: str) -> Preference:
    """What is recorded of a document that cannot be had or read: it denies nothing."""
    return Preference(SIGNAL, shorten(f"unknown, cannot be read: {address}"))


def _purposes(words: Iterable[str]) -> frozenset[Purpose]:
    return frozenset().union(*(USAGES.get(word, NOBODY) for word in words))


def _fit(pattern: str, host: str, path: str) -> int | None:
    """How long the pattern of a path is that fits; `None` where it does not, or speaks of another host."""
    _, is_whole, rest = pattern.partition("://")
    if is_whole:
        place, slash, rest = rest.partition("/")
        if not matches_path(f"{place.lower()}$", host):
            return None
        pattern = slash + rest
    return len(pattern) if matches_path(pattern, path) else None


class _Reader:
    """A parser with what it has read so far."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        self.is_rsl = False
        self.contents: list[Content] = []
        self.server = ""
        self.license = License()
        self.text: list[str] | None = None  # of a list of usages

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind = attributes.get("type", "").strip().lower()
        match _local(name):
            case "rsl":
                self.is_rsl = True
            case "content":
                self.contents.append(Content(attributes.get("url", "").strip(), ()))
                self.is_rsl = True
                self.server = "a license of its server" if attributes.get("server", "").strip() else ""
            case "license":
                self.license = License(price=self.server)
            case "payment" if kind and kind not in FREE:
                self.license = self.license._replace(price=f"payment ({kind})")
            case "permits" | "prohibits" if kind == "usage":
                self.text = []

    def _add(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, name: str) -> None:
        local, offer = _local(name), self.license
        if local == "license" and self.contents:
            last = self.contents[-1]
            self.contents[-1] = last._replace(licenses=(*last.licenses, offer))
        if self.text is None or local not in ("permits", "prohibits"):
            return
        words = tuple(re.split(r"[\s,]+", "".join(self.text).strip().lower()))
        self.text = None
        if words == ("",):
            return
        if local == "permits":
            self.license = offer._replace(permits=(*(offer.permits or ()), *words))
        else:
            self.license = offer._replace(prohibits=(*offer.prohibits, *words))


def _local(name: str) -> str:
    """An element's name where it is one of RSL, or has no namespace."""
    namespace = NAMESPACE.match(name)
    return name[namespace.end() :] if namespace else name


def _refuse(*_: object) -> None:
    raise ValueError("it declares a document type")
