"""What is asked of one site through a function from URL to Page: bounded, with an account of what came of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from scrub.errors import ConnectionFailedError, FetchTimeoutError, RobotsUnreachableError, ScrubError, TlsError
from scrub.model import Page

Fetch = Callable[[str], Page]

MOST_REQUESTS = 60  # of one site
MOST_SILENT = 3  # requests in a row that nobody answers, after which the site is left alone
MOST_SHOWN = 8  # tries that an error tells

# Nobody answers; robots.txt is what is asked for first.
SILENCE = (ConnectionFailedError, FetchTimeoutError, RobotsUnreachableError)


class Visit:
    """Asks one site for pages, each once, and remembers what came of them."""

    def __init__(self, fetch: Fetch) -> None:
        self.warnings: list[str] = []
        self.latest = ""
        self._fetch = fetch
        self._tried: dict[str, str] = {}
        self._silent = 0

    def first_page(self, site: str) -> Page:
        """The page at a SITE; one without a scheme is asked for over https, else over http. Raises as the fetch."""
        if "://" in site:
            return self._ask(site)
        try:
            return self._ask(f"https://{site}")
        except (*SILENCE, TlsError):
            return self._ask(f"http://{site}")

    def page(self, address: str) -> Page | None:
        """The page at an address; None where it does not come, was asked for before, or enough was asked."""
        if address in self._tried or len(self._tried) >= MOST_REQUESTS or self._silent >= MOST_SILENT:
            return None
        try:
            return self._ask(address)
        except ScrubError:
            return None

    def note(self, address: str, what: str) -> None:
        """Remember what came of an address."""
        self._tried[address] = what

    def account(self) -> str:
        """What was tried, and what came of it."""
        shown = list(self._tried)[:MOST_SHOWN]
        alike = groupby(shown, self._tried.__getitem__)
        more = f" and {len(self._tried) - MOST_SHOWN} more" if len(self._tried) > MOST_SHOWN else ""
        return ", ".join(f"{', '.join(addresses)} ({what})" for what, addresses in alike) + more

    def _ask(self, address: str) -> Page:
        self.latest = address
        try:
            page = self._fetch(address)
        except ScrubError as error:
            self.note(address, error.detail)
            self._silent += isinstance(error, SILENCE)
            raise
        self._silent = 0
        self.note(address, "no article links")
        return page
