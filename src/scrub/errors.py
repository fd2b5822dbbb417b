"""What can go wrong with one input, each with what a person should do next.

Every class has a `kind`, a short word that programs may rely on (the `kind` of `--errors`), and an `advice`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from scrub.model import Article


class ScrubError(Exception):
    """An input that gives no article. `str(error)` says what is wrong; `advice` what to try."""

    kind: ClassVar[str] = "error"
    default_advice: ClassVar[str] = ""

    def __init__(self, detail: str, advice: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.advice = self.default_advice if advice is None else advice

    def __str__(self) -> str:
        return f"{self.detail}; {self.advice}" if self.advice else self.detail


class InputError(ScrubError):
    """A file that cannot be read: missing, a folder, no permission, a broken archive."""

    kind = "input"


class NotTextError(ScrubError):
    """Bytes that are neither HTML nor text."""

    kind = "not-text"
    default_advice = "give scrub a web page or plain text"


class TooLargeError(ScrubError):
    """More bytes than the limit, before or after decompression."""

    kind = "too-large"


class TooComplexError(ScrubError):
    """A page that would cost a parser minutes: nested thousands deep, a hundred thousand links."""

    kind = "too-complex"
    default_advice = "no person reads such a page: give scrub the article's own page, or its text"


class TimeLimitError(ScrubError):
    """An input whose cleaning took longer than the limit."""

    kind = "time-limit"
    default_advice = "no article takes so long: give scrub the article's own page, or its text"


class EmptyError(ScrubError):
    """An input without any text."""

    kind = "empty"
    default_advice = "look at the input itself: there is nothing to clean in it"


class NoArticleError(ScrubError):
    """A page that has no article, or one of which no line is left; then `article` tells what was taken."""

    kind = "no-article"

    def __init__(self, detail: str, advice: str | None = None, article: Article | None = None) -> None:
        super().__init__(detail, advice)
        self.article = article


class ConsentWallError(NoArticleError):
    """A page that asks for consent to cookies in the place of its article."""

    kind = "consent-wall"
    default_advice = "give its consent cookie with the request, or save the page after you have answered in a browser"


class BlockedError(NoArticleError):
    """A page that keeps programs out: a challenge, a captcha, a refusal."""

    kind = "blocked"
    default_advice = "the site does not want programs here: open it in a browser, or ask the publisher"


class NeedsJavaScriptError(NoArticleError):
    """A page without text, which scripts would fill in a browser."""

    kind = "needs-javascript"
    default_advice = "save the page from a browser after it has loaded"


class SectionPageError(NoArticleError):
    """A home page, a section or a list of results: links to articles, and none of its own."""

    kind = "section-page"
    default_advice = "give the addresses of the articles that it lists"


class VideoPageError(NoArticleError):
    """A page that shows a video or plays a sound, with a sentence beside it."""

    kind = "video-page"
    default_advice = "there is little text to it; look for the article that it belongs to"


class NotFoundError(NoArticleError):
    """A page that says that what was asked for is not there, whatever its status."""

    kind = "not-found"
    default_advice = "look at the address; the article may have moved or been taken down"


class LoginError(NoArticleError):
    """A page that asks to log in."""

    kind = "login"
    default_advice = "give the cookies of a session, or save the page from a browser where you are logged in"


class OutputError(ScrubError):
    """A place that an article cannot be written to."""

    kind = "output"


class StorageError(OutputError):
    """A disk that takes no more: what holds for one article holds for all, so that it ends the run."""


class StateError(ScrubError):
    """A file of `--state` that cannot be used: damaged, not ours, locked, or on a full disk."""

    kind = "state"


class CacheError(ScrubError):
    """A cache that cannot be used."""

    kind = "cache"


class InternalError(ScrubError):
    """A fault of scrub itself or of a library, met on one input; the others go on."""

    kind = "internal"
    default_advice = "this is a fault of scrub: please report it with the input"


class RuleError(ScrubError):
    """A rule file that does not hold what it must. The message names file, line and rule."""

    kind = "rule"


class FetchError(ScrubError):
    """A page that did not come."""

    kind = "fetch"


class RefusedError(FetchError):
    """An address that scrub does not open: another scheme, a private host."""

    kind = "refused"


class ResolveError(FetchError):
    """A host name that does not resolve."""

    kind = "dns"


class ConnectionFailedError(FetchError):
    """A host that does not answer, or breaks off."""

    kind = "connection"


class TlsError(FetchError):
    """A certificate or handshake that does not hold."""

    kind = "tls"


class FetchTimeoutError(FetchError):
    """A page that took longer than the limit."""

    kind = "timeout"


class StatusError(FetchError):
    """An answer with a status other than 200, which is `status`; None where it has none of its own, as a circle.
    `retry_after` is how many seconds the server asks to wait."""

    kind = "status"

    def __init__(
        self, detail: str, advice: str | None = None, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail, advice)
        self.status = status
        self.retry_after = retry_after


class RobotsError(FetchError):
    """A page that the site's robots.txt does not allow to fetch."""

    kind = "robots"


class RobotsUnreachableError(FetchError):
    """A robots.txt that a fault of the server keeps from being read, so that nothing is allowed (RFC 9309, 2.3.1.4)."""

    kind = "robots-unreachable"


class PreferenceError(FetchError):
    """A page that its site does not want used for the purpose at hand."""

    kind = "refused-by-site"


class HostPausedError(FetchError):
    """A page of a host that failed again and again and is left alone for a while."""

    kind = "host-paused"


class NotAPageError(FetchError):
    """An answer that is no HTML and no text."""

    kind = "not-a-page"


class NoLinksError(ScrubError):
    """A site, a feed or a sitemap in which no article's address is found."""

    kind = "no-links"
