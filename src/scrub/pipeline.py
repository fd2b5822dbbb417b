"""Page -> Article: tell the kind, extract, clean. The one place where these steps are composed.

The API, the command line and worker processes all call this; there is no input or output and no clock in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scrub import shape
from scrub.clean import Why, clean, explain
from scrub.decode import decode
from scrub.errors import EmptyError, NoArticleError, RuleError
from scrub.model import NO_METADATA, Article, Document, Metadata, Page, PageKind
from scrub.rules.rule import Rule, SourcedRule
from scrub.rules.ruleset import RuleSet
from scrub.rules.shipped import order_rules, read_shipped
from scrub.text import read_text

# Atomic groups where a group repeats: before 3.11.5 Python forgets its place after a possessive one.
_HTML_START = (
    r"\s*+(?:<\?xml[^>]{0,200}>|<!--(?>(?:(?!-->).){0,4000})-->|\s)*+"
    r"<(?:!doctype\s+html|html|head|body|meta|title|script|div|article|p)\b"
)
_HTML_TAG = r"</?(?:p|div|span|a|br|h[1-6]|ul|li|table|td|article|section|body|html)\b[^<>]{0,2000}>"
HTML_TAGS = 5  # so many tags, and one for every so many characters, and a text is a page without its head
CHARACTERS_PER_TAG = 400
MOST_PASSES = 4  # a second one seldom takes anything
SNIFFED = 100_000  # characters in which the kind is told


@lru_cache(maxsize=1)
def shipped_rules() -> RuleSet:
    """The rules that come with scrub, protecting ones first."""
    version, rules, repeating, store = read_shipped()
    return RuleSet(rules, version, store=store, repeating=repeating)


def rule_set(keep: Iterable[str] = (), only: Iterable[str] = (), user: Sequence[SourcedRule] = ()) -> RuleSet:
    """The shipped rules with a user's before them, without those in `keep`; with `only`, those alone.

    RuleError for a user's rule whose case does not come out, and for a name that is no rule and no class.
    """
    shipped = shipped_rules()
    if not (keep or only or user):
        return shipped
    _check_user_rules(user)
    rules = (*order_rules([sourced.rule for sourced in user]), *shipped.rules)
    everything = RuleSet(rules, f"{shipped.version}+changed", store=shipped.store)
    _check_names([*keep, *only], rules)
    return everything.select(keep, only)


def _check_user_rules(user: Sequence[SourcedRule]) -> None:
    from scrub.cases import check_cases

    if failures := check_cases(user):
        first = failures[0]
        raise RuleError(
            f"{first.rule.file}:{first.rule.line}: rule {first.rule.rule.id}: its case does not come out: "
            f"{first.line[:60]!r}: {first.happened}",
            "mend the rule or its case; `scrub rules test FILE` shows every failing line",
        )


def extraction_reasons() -> dict[str, str]:
    """The ids by which extraction holds something against a block, each with its reason."""
    from scrub.html.verdicts import REASONS
    from scrub.lines.judge import REASONS as LINE_REASONS

    return {**REASONS, **LINE_REASONS}


def _check_names(names: Sequence[str], rules: Sequence[Rule]) -> None:
    known = {name for rule in rules for name in (rule.id, rule.category)}
    known |= {name for rule in extraction_reasons() for name in (rule, rule.partition(".")[0])}
    for name in names:
        if name not in known and not name.isdecimal():
            raise RuleError(f"{name}: no rule and no class of rules has this name", "`scrub rules list` shows them all")


def read_page(page: Page, *, fast: bool = False) -> Document:
    """The document of a page, whatever its kind: what cleaning begins with. `fast` asks no other extractor about HTML.

    NotTextError for bytes that are no text, EmptyError for a page without text, NoArticleError where no article is
    found.
    """
    text = decode(page.body, page.encoding, page.content_type)
    known = Metadata(
        page.url,
        page.requested_url,
        preferences=page.preferences,
        fetched_at=page.fetched_at,
        status=page.status,
    )
    html = (page.kind or detect_kind(text, page.content_type)) == "html"
    return _read(text, "html" if html else "text", known, fast=fast)


def _read(text: str, kind: PageKind, known: Metadata, *, fast: bool = False) -> Document:
    if not text.strip(shape.BLANK):
        raise EmptyError("nothing in it")
    if kind == "text":
        return read_text(text, known)
    from scrub.html.read import read_html

    document = read_html(text, known.url, known.status, fast=fast)
    metadata = document.metadata._replace(
        url=known.url,
        requested_url=known.requested_url,
        preferences=known.preferences,
        fetched_at=known.fetched_at,
        status=known.status,
    )
    return document._replace(metadata=metadata)


def clean_page(page: Page, rules: RuleSet | None = None, *, fast: bool = False) -> Article:
    """The article of a page. Raises as `read_page`, and NoArticleError where no line of it is left."""
    return clean_document(read_page(page, fast=fast), rules)


def clean_text(text: str, rules: RuleSet | None = None) -> Article:
    """The article of a plain text. Raises as `clean_page`."""
    return clean_document(_read(text, "text", NO_METADATA), rules)


def clean_html(html: str, url: str | None = None, rules: RuleSet | None = None) -> Article:
    """The article of a decoded page. Raises as `clean_page`."""
    return clean_document(_read(html, "html", Metadata(url)), rules)


def clean_document(document: Document, rules: RuleSet | None = None) -> Article:
    """The article of a document. NoArticleError where no line is left."""
    rules = shipped_rules() if rules is None else rules
    article = clean_lines(document, rules) if document.kind == "text" else clean(document, rules)
    if not article.kept or (document.kind == "html" and not article.text):
        raise NoArticleError(
            "no article found: no line is left after cleaning",
            "see with --explain what was taken, and keep it with --keep RULE",
            article,
        )
    return article


def clean_lines(document: Document, rules: RuleSet) -> Article:
    """The article of a plain text: the lines are judged, then the rules decide; and what is left is judged again until
    nothing more changes, so that cleaning the output takes nothing more. (The rules need no second look: theirs end
    when none of them holds for what is left.)"""
    from scrub.lines.judge import judge

    document = judge(document)
    article = clean(document, rules)
    for _ in range(MOST_PASSES):
        kept = article.kept
        again = read_text(article.whole_text) if article.removed and kept else None
        if again is None or len(again.blocks) != len(kept):
            break
        more = [verdict._replace(block=kept[verdict.block].index) for verdict in judge(again).verdicts]
        if not {verdict.block for verdict in more} - {verdict.block for verdict in document.verdicts}:
            break
        document = document._replace(verdicts=(*document.verdicts, *more))
        article = clean(document, rules)
    return article


def explain_page(page: Page, rules: RuleSet | None = None) -> tuple[Why, ...]:
    """For each block of a page what became of it, and what nearly did. Raises as `read_page`."""
    rules = shipped_rules() if rules is None else rules
    document = read_page(page)
    return explain(clean_lines(document, rules).document if document.kind == "text" else document, rules)


def detect_kind(text: str, content_type: str | None = None) -> PageKind:
    """Whether a decoded text is a page or plain text: by its first tag, by its tags, by a header that says HTML."""
    if content_type and re.match(r"\s*(?:text/html|application/xhtml)", content_type, re.IGNORECASE):
        return "html"
    sample = text[:SNIFFED]
    if "<" not in sample:
        return "text"
    if re.match(_HTML_START, sample.lstrip(shape.BLANK), re.IGNORECASE | re.DOTALL):
        return "html"
    tags = len(re.findall(_HTML_TAG, sample, re.IGNORECASE))
    return "html" if tags >= HTML_TAGS and tags * CHARACTERS_PER_TAG >= len(sample) else "text"
