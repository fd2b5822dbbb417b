"""What a program calls: `scrub.clean_text`, `clean_html`, `clean_file`, `fetch`, `fetch_many`, as the command line.

All of them take `keep`, `only` and `rules`: rules or classes to switch off, to run alone, and rule files that go before
the shipped ones, as the options of that name. `fast` asks no other extractor about HTML: sooner, a little less sure.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, aclosing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from scrub import pipeline
from scrub.errors import ScrubError
from scrub.model import Article, Page
from scrub.rules.ruleset import RuleSet

if TYPE_CHECKING:
    from os import PathLike


def clean_text(
    text: str, *, keep: Iterable[str] = (), only: Iterable[str] = (), rules: Iterable[str | PathLike[str]] = ()
) -> Article:
    """The article of a plain text.

    Raises a ScrubError: EmptyError for a text without a word, NoArticleError where no line is left, RuleError for a
    rule file or a rule's name that is wrong.

        >>> clean_text("A body paragraph of the story, with a full stop.\\n\\nRelated:").text
        'A body paragraph of the story, with a full stop.'
    """
    return pipeline.clean_text(text, load_rules(keep, only, rules))


def clean_html(
    html: str | bytes,
    url: str | None = None,
    *,
    keep: Iterable[str] = (),
    only: Iterable[str] = (),
    rules: Iterable[str | PathLike[str]] = (),
    fast: bool = False,
) -> Article:
    """The article of a page, as bytes (decoded by what they declare and are) or as text; `url` is its address.

    Raises a ScrubError: NoArticleError for a page without an article, NotTextError for bytes that are no text,
    EmptyError, RuleError.
    """
    encoded, encoding = (html.encode("utf-8", "surrogatepass"), "utf-8") if isinstance(html, str) else (html, None)
    return load_cleaner(keep, only, rules, fast=fast)(Page(encoded, url, kind="html", encoding=encoding))


def clean_file(
    path: str | PathLike[str],
    *,
    keep: Iterable[str] = (),
    only: Iterable[str] = (),
    rules: Iterable[str | PathLike[str]] = (),
    fast: bool = False,
) -> Article:
    """The article of a file: a page or a text, also compressed with gzip; which of them is told from its content.

    Raises as `clean_html`, and InputError for a file that cannot be read.
    """
    from scrub.sources.files import read_file

    return load_cleaner(keep, only, rules, fast=fast)(read_file(Path(path)))


def fetch(
    url: str,
    *,
    timeout: float = 30.0,
    allow_private: bool = False,
    keep: Iterable[str] = (),
    only: Iterable[str] = (),
    rules: Iterable[str | PathLike[str]] = (),
    fast: bool = False,
) -> Article:
    """Download a page and give its article, with its further pages where it is cut into several; `timeout` is in
    seconds, for one page.

    Raises a ScrubError: FetchError and its kinds for a page that does not come, else as `clean_html`.
    """
    from functools import partial

    from scrub.net import Downloader, FetchSettings
    from scrub.run.fetches import Downloads, Network, clean_given
    from scrub.sources.files import Given

    clean = load_cleaner(keep, only, rules, fast=fast)
    settings = FetchSettings(timeout=timeout, allow_private=allow_private)
    with Downloads([Given(url)], Network(partial(Downloader, settings))) as downloads:
        return clean_given(next(iter(downloads)), clean)


async def fetch_many(
    urls: Iterable[str] | AsyncIterable[str],
    *,
    concurrency: int = 20,
    ordered: bool = True,
    timeout: float = 30.0,
    delay: float = 1.0,
    allow_private: bool = False,
    keep: Iterable[str] = (),
    only: Iterable[str] = (),
    rules: Iterable[str | PathLike[str]] = (),
    fast: bool = False,
    download: Callable[[str], Awaitable[Page]] | None = None,
) -> AsyncGenerator[tuple[str, Article | ScrubError]]:
    """Download pages, of so many hosts at a time, and give each address with its article or with what was wrong.

    They come in the order of `urls`, or with `ordered=False` as they are there; `urls` is read no further than a
    bounded window reaches. `delay` seconds lie between two requests to a host. `download` takes the place of the
    network: it gives the page of an address or raises; a `scrub.net.Downloader` is one, with settings of your own.
    Raises RuleError for rules that are wrong; what is wrong with a page is given, never raised. Pages are cleaned in a
    thread, one at a time; the command line has processes for more.

        async for url, article in scrub.fetch_many(urls):
            print(url, article if isinstance(article, scrub.ScrubError) else article.title)
    """
    from scrub.net import Downloader, FetchSettings
    from scrub.run.fetches import clean_all

    clean = load_cleaner(keep, only, rules, fast=fast)
    async with AsyncExitStack() as stack:
        if download is None:
            settings = FetchSettings(timeout=timeout, allow_private=allow_private, concurrency=concurrency, delay=delay)
            download = await stack.enter_async_context(Downloader(settings))
        outcomes = clean_all(urls, download, clean, concurrency=concurrency, ordered=ordered)
        async for outcome in await stack.enter_async_context(aclosing(outcomes)):
            yield outcome


def load_cleaner(
    keep: Iterable[str] = (), only: Iterable[str] = (), files: Iterable[str | PathLike[str]] = (), *, fast: bool = False
) -> Callable[[Page], Article]:
    """What cleans a page with these rules; `fast` asks no other extractor about HTML. RuleError as `load_rules`."""
    return partial(pipeline.clean_page, rules=load_rules(keep, only, files), fast=fast)


def load_rules(
    keep: Iterable[str] = (), only: Iterable[str] = (), files: Iterable[str | PathLike[str]] = ()
) -> RuleSet:
    """The rules to clean with. RuleError for a file or a name that is wrong."""
    paths = [Path(file) for file in files]
    if not paths:
        return pipeline.rule_set(tuple(keep), tuple(only))
    from scrub.rules.read import bases_of, read_pack

    bases = bases_of(pipeline.shipped_rules().rules)
    return pipeline.rule_set(tuple(keep), tuple(only), [rule for path in paths for rule in read_pack(path, bases)])
