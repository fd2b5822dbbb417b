"""What is asked of one site through a function from URL to Page: bounded, with an account of what came of it."""

from __future__ import annotations

from collections.abc import Callable

from scrub.errors import ConnectionFailedError, FetchTimeoutError, ScrubError, TlsError
from scrub.model import Page

Fetch = Callable[[str], Page]

MOST_REQUESTS = 60  # of one site
MOST_SILENT = 3  # requests in a row that nobody answers, after which the site is left alone
MOST_SHOWN = 8  # tries that an error tells


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
        except (ConnectionFailedError, TlsError):
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
        tries = [f"{address} ({what})" for address, what in self._tried.items()]
        more = f" and {len(tries) - MOST_SHOWN} more" if len(tries) > MOST_SHOWN else ""
        return ", ".join(tries[:MOST_SHOWN]) + more

    def _ask(self, address: str) -> Page:
        self.latest = address
        try:
            page = self._fetch(address)
        except ScrubError as error:
            self.note(address, error.detail)
            self._silent += isinstance(error, ConnectionFailedError | FetchTimeoutError)
            raise
        self._silent = 0
        self.note(address, "no article links")
        return page
