"""robots.txt, read (RFC 9309). The bytes of one come in, what it allows and says to this program goes out.

protego matches the rules. Which group is meant is decided here, so that a file of thousands of agents with thousands of
rules, each of which protego would hold for each agent, costs no more than its size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from protego import Protego

from scrub.net.preferences import (
    Preference,
    matches_path,
    name_license,
    read_content_signal,
    read_content_usage,
    settle,
    shorten,
)

MOST_BYTES = 512_000  # RFC 9309, 2.5: at least 500 kibibytes are parsed
MOST_CRAWL_DELAY = 30.0  # a longer one would be a refusal, which Disallow says better

AGENT_FIELDS = frozenset({"user-agent", "useragent", "user agent"})
# What protego understands of a group.
RULE_FIELDS = frozenset(
    {"allow", "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw", "crawl-delay"}
)
USAGE_FIELDS = {
    "content-usage": ("Content-Usage", read_content_usage),
    "content-signal": ("Content-Signal", read_content_signal),
}

PRODUCT = re.compile(r"[A-Za-z_-]+(?=/)|^[A-Za-z_-]+")
TOKEN = re.compile(r"\*|[a-z_-]+")


class Line(NamedTuple):
    """A field of a group, in lower case, and its value."""

    field: str
    value: str


class Robots(NamedTuple):
    """What a robots.txt says to one program. `usages` are the lines on the use of pages, `site` what it says of all,
    and `licenses` the addresses of RSL documents."""

    rules: Protego
    usages: tuple[Line, ...] = ()
    site: tuple[Preference, ...] = ()
    licenses: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether the page at an address may be fetched."""
        return bool(self.rules.can_fetch(url, "*"))

    @property
    def crawl_delay(self) -> float:
        """The seconds between two requests that the site asks for, 30 at most."""
        return min(self.rules.crawl_delay("*") or 0.0, MOST_CRAWL_DELAY)

    def preferences(self, path: str) -> tuple[Preference, ...]:
        """What is said of the use of the page at a path (with its query)."""
        found = list(self.site)
        for field, (name, read) in USAGE_FIELDS.items():
            for value in _most_specific([line.value for line in self.usages if line.field == field], path):
                found += read(value, f"robots.txt {name}")
        return settle(found)


def agent_names(user_agent: str) -> frozenset[str]:
    """The names by which a robots.txt may mean a program: the products in its `User-Agent` (RFC 9309, 2.2.1)."""
    return frozenset(name.lower() for name in PRODUCT.findall(user_agent))


def read_robots(body: bytes, agents: frozenset[str]) -> Robots:
    """What a robots.txt says to the program with these names. Any bytes are one, if only an empty one."""
    text = body[:MOST_BYTES].decode("utf-8-sig", "replace")
    lines = list(_lines(text))
    own = _choose(lines, agents)
    rules = "".join(f"{field}: {value}\n" for field, value in own if field in RULE_FIELDS)
    licenses = [value for field, value in lines if field == "license" and value]
    site = [name_license(value, "robots.txt License") for value in licenses]
    site += [Preference("robots.txt ai.txt", shorten(value)) for _, value in lines if value.lower().endswith("/ai.txt")]
    return Robots(
        Protego.parse(f"User-agent: *\n{rules}"),
        tuple(line for line in own if line.field in USAGE_FIELDS),
        tuple(site[:10]),
        tuple(licenses[:10]),
    )


def _lines(text: str) -> Iterator[Line]:
    for line in text.splitlines():
        field, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield Line(field.strip().lower(), value.strip())


def _choose(lines: Sequence[Line], agents: frozenset[str]) -> list[Line]:
    """The lines of all groups for these agents, or where there are none, of those for everybody (RFC 9309, 2.2.1).

    What stands before any group counts too, where it is no rule of RFC 9309: sites put their Content-Signal there.
    """
    chosen: dict[bool, list[Line]] = {}  # by whether the group names one of the agents
    preamble: list[Line] = []
    groups: set[bool] | None = None
    was_agent = False
    for line in lines:
        if line.field in AGENT_FIELDS:
            groups = groups if was_agent and groups is not None else set()
            token = TOKEN.match(line.value.lower())
            if token and (token[0] == "*" or token[0] in agents):
                groups.add(token[0] != "*")
                chosen.setdefault(token[0] != "*", [])
            was_agent = True
        elif line.field in RULE_FIELDS | USAGE_FIELDS.keys():
            was_agent = False
            if groups is None and line.field in USAGE_FIELDS:
                preamble.append(line)
            for group in groups or ():
                chosen[group].append(line)
    return preamble + chosen.get(True, chosen.get(False, []))


def _most_specific(values: Sequence[str], path: str) -> list[str]:
    """Of values that may begin with a path, those with the longest one that fits, without it (AIPREF, attachment)."""
    fitting: list[tuple[int, str]] = []
    for value in values:
        place, _, rest = value.partition(" ") if value.startswith("/") else ("", "", value)
        if matches_path(place or "/", path):
            fitting.append((len(place), rest))
    longest = max((length for length, _ in fitting), default=0)
    return [value for length, value in fitting if length == longest]
