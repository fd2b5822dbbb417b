"""The simpler fields: addresses, site, language, description, section, tags, image, access."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from .addresses import absolute, article_address
from .json_ld import each, node_addresses
from .signals import Found, Signals, first_read
from .wording import key, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrub.model import Access

    from .json_ld import Linked

MOST_TAGS = 50
LONGEST_TAG = 100
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:$|[-_.])", re.IGNORECASE)


def canonical_address(signals: Signals, linked: Linked) -> Found | None:
    """The address that the page itself gives."""
    offers = [Found(href, "link") for href in signals.links.get("canonical", [])]
    offers += signals.meta("og:url")
    offers += [Found(address, "json-ld") for node in linked.nodes for address in node_addresses(node)]
    return first_read(offers, lambda address: article_address(address, signals.base))


def site(signals: Signals, linked: Linked) -> Found | None:
    """The name of the site, else of its publisher."""
    offers = [*signals.meta("og:site_name"), *linked.found("publisher"), Found(linked.site, "json-ld")]
    offers += signals.meta("application-name", "dc.publisher")
    return first_read(offers, lambda name: name if len(name) <= LONGEST_TAG and "://" not in name else None)


def language(signals: Signals, linked: Linked) -> Found | None:
    """What most places agree on; the page's own attribute before the others."""
    offers = [Found(signals.language, "html"), *list(linked.found("inLanguage"))[:1]]
    offers += signals.meta("og:locale", "content-language", "language", "dc.language", "dcterms.language")
    tags = [Found(tag, offer.where) for offer in offers if (tag := language_tag(offer.value))]
    votes = Counter(tag.value.split("-")[0] for tag in tags)
    best = max(votes.values(), default=0)
    return next((tag for tag in tags if votes[tag.value.split("-")[0]] == best), None)


def language_tag(text: str) -> str | None:
    """A language as BCP 47 writes it, with the region where it is given; prose is `None`.

    >>> language_tag("en_gb"), language_tag("de"), language_tag("English")
    ('en-GB', 'de', None)
    """
    match = _LANGUAGE.match(text.strip())
    if not match:
        return None
    primary, script, region = match.groups()
    return "-".join(filter(None, (primary.lower(), (script or "").title(), (region or "").upper())))


def description(signals: Signals, linked: Linked) -> Found | None:
    """The page's summary of itself."""
    offers = [*signals.meta("og:description", "description"), *linked.found("description")]
    offers += signals.meta("twitter:description", "dc.description", "dcterms.description")
    return next(iter(offers), None)


def section(signals: Signals, linked: Linked) -> Found | None:
    """The part of the site that the article stands in."""
    offers = [*linked.found("articleSection"), *signals.meta("article:section", "parsely-section", "section")]
    return first_read(offers, lambda name: name if len(name) <= LONGEST_TAG and "://" not in name else None)


def tags(signals: Signals, linked: Linked) -> list[Found]:
    """The article's keywords, of the first place that has any."""
    offers = [list(signals.meta("article:tag")), list(linked.found("keywords"))]
    offers += [list(signals.meta(name)) for name in ("news_keywords", "parsely-tags", "sailthru.tags", "keywords")]
    return next((found for offer in offers if (found := _split_tags(offer))), [])


def image(signals: Signals, linked: Linked) -> Found | None:
    """The address of the article's picture."""
    offers = [*signals.meta("og:image", "og:image:url", "og:image:secure_url"), *_images(linked)]
    offers += signals.meta("twitter:image", "twitter:image:src")
    offers += [Found(href, "link") for href in signals.links.get("image_src", [])]
    return first_read(offers, lambda address: absolute(address, signals.base))


def access(linked: Linked) -> Access:
    """Whether the page says that the article is free; the article's own word before that of its parts."""
    for value in linked.values("isAccessibleForFree"):
        word = key(str(value).rsplit("/", 1)[-1])
        if word in ("false", "no", "0"):
            return "paywalled"
        if word in ("true", "yes", "1"):
            return "open"
    return "unknown"


def _split_tags(found: list[Found]) -> list[Found]:
    """Each tag once; a list in one text is taken apart at its commas or semicolons."""
    first: dict[str, Found] = {}
    for text, where in found:
        for part in map(str.strip, re.split(r"[,;]", text)):
            if part and len(part) <= LONGEST_TAG:
                first.setdefault(part.casefold(), Found(part, where))
    return list(first.values())[:MOST_TAGS]


def _images(linked: Linked) -> Iterator[Found]:
    for value in linked.values("image", "thumbnailUrl"):
        image = linked.resolve(value)
        if isinstance(image, dict):
            image = next(each(image.get("url") or image.get("contentUrl") or image.get("@id")), None)
        if isinstance(image, str):
            yield Found(tidy(image), "json-ld")
