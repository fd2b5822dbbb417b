"""JSON-LD: which of a page's nodes describe its article, and what they say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .addresses import same_page
from .json_text import read_json
from .signals import Found
from .wording import key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .json_text import Json

Node = dict[str, "Json"]

MOST_NODES = 3_000
MOST_VALUES = 100
MOST_CANDIDATES = 200
PAGE_TYPES = frozenset(
    {"webpage", "itempage", "medicalwebpage", "creativework", "recipe", "howto", "review", "videoobject", "report",
     "aboutpage", "podcastepisode", "mediaobject", "audioobject", "course", "faqpage", "webcontent"}
)  # fmt: skip
MAIN_KEYS = frozenset({"", "@graph", "mainentity", "mainentityofpage", "@set", "@list"})
"""The keys under which a page's own article hangs; under others it is a related one."""


@dataclass(slots=True)
class Linked:
    """What the page's JSON-LD says of its article.

    `nodes` describe the article, best first: the article itself, then the page. `by_id` resolves references.
    """

    nodes: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    site: str = ""

    def values(self, *names: str) -> Iterator[Json]:
        """What the nodes have under these keys, the better node first, lists taken apart."""
        for node in self.nodes:
            for name in names:
                yield from each(node.get(name))

    def texts(self, *names: str) -> Iterator[str]:
        """The same, of what can be read as text."""
        for value in self.values(*names):
            text = text_of_value(self.resolve(value))
            if text:
                yield text

    def found(self, *names: str) -> Iterator[Found]:
        """The same, with where they stood."""
        return (Found(text, "json-ld") for text in self.texts(*names))

    def resolve(self, value: Json) -> Json:
        """The node that a mere reference points to."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return self.by_id.get(str(value["@id"]), value)
        return value


@dataclass(slots=True)
class _Candidate:
    node: Node
    is_article: bool
    is_main: bool
    score: int = 0


def each(value: Json) -> Iterator[Json]:
    """A value, or the values in its list; absent gives none."""
    if isinstance(value, list):
        yield from value[:MOST_VALUES]
    elif value is not None:
        yield value


def text_of_value(value: Json) -> str:
    """A text, whether it is plain, a language-tagged value or the name of a thing."""
    if isinstance(value, dict):
        value = next((value[name] for name in ("@value", "name", "headline", "url") if value.get(name)), None)
    if isinstance(value, list):
        value = next(iter(value), None)
    return tidy(value) if isinstance(value, str) else ""


def types_of(node: Node) -> list[str]:
    """A node's types in lower case and without the vocabulary's address."""
    return [str(name).rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for name in each(node.get("@type"))]


def read_json_ld(scripts: Iterable[str], addresses: Iterable[str], titles: Iterable[str]) -> Linked:
    """Choose the nodes that describe the page with these addresses and titles."""
    linked = Linked()
    candidates: list[_Candidate] = []
    for name, node in _walk([value for text in scripts for value in read_json(text)]):
        types = types_of(node)
        identity = node.get("@id")
        if isinstance(identity, str) and len(node) > len(linked.by_id.get(identity, {})):
            linked.by_id[identity] = node
        is_article = any(kind.endswith(("article", "posting")) for kind in types)
        if is_article or not PAGE_TYPES.isdisjoint(types):
            candidates.append(_Candidate(node, is_article, name in MAIN_KEYS))
        elif "website" in types and not linked.site:
            linked.site = text_of_value(node.get("name"))
    linked.nodes = _choose(candidates[:MOST_CANDIDATES], list(addresses), [key(title) for title in titles if title])
    return linked


def _walk(values: list[Json]) -> Iterator[tuple[str, Node]]:
    """Every node in the page's order with the key that it hangs under; a list hangs where it stands."""
    waiting: list[tuple[str, Json]] = [("", value) for value in reversed(values)]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        name, value = waiting.pop()
        if isinstance(value, dict):
            yield name, value
            inner = [(part.lower(), child) for part, child in value.items() if isinstance(child, dict | list)]
            waiting.extend(reversed(inner))
        elif isinstance(value, list):
            waiting.extend((name, child) for child in reversed(value[:MOST_NODES]) if isinstance(child, dict | list))


def _choose(candidates: list[_Candidate], addresses: list[str], titles: list[str]) -> list[Node]:
    """The article's nodes, those that match the page first.

    Where several articles stand side by side and none of them matches, none is taken: each may be a teaser.
    """
    for candidate in candidates:
        candidate.score = _score(candidate, addresses, titles)
    matching = [c for c in candidates if c.score > 0]
    articles = [c for c in candidates if c.is_article and c.is_main]
    if not any(c.is_article for c in matching) and len(articles) == 1:
        matching += articles
    pages = [c for c in candidates if not c.is_article and c.is_main and c.score == 0]
    matching.sort(key=lambda c: (not c.is_article, -c.score))
    return [c.node for c in matching + pages]


def _score(candidate: _Candidate, addresses: list[str], titles: list[str]) -> int:
    """How surely a node is about this page: 0 is not at all."""
    node = candidate.node
    score = 0
    if any(same_page(address, own) for address in node_addresses(node) for own in addresses):
        score += 2
    headline = key(text_of_value(node.get("headline") or node.get("name")))
    if headline and any(headline == title for title in titles):
        score += 2
    elif len(headline) > 12 and any(headline in title or (len(title) > 12 and title in headline) for title in titles):
        score += 1
    return score + 1 if score and candidate.is_main else score


def node_addresses(node: Node) -> Iterator[str]:
    """The absolute addresses that a node gives for the page it describes."""
    for name in ("url", "mainEntityOfPage", "@id"):
        for value in each(node.get(name)):
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            if isinstance(value, str) and value.strip().lower().startswith("http"):
                yield value.strip()
