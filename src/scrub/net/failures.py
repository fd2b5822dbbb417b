"""What went wrong on the network, in the words of scrub's errors."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpcore

from scrub.errors import ConnectionFailedError, StatusError
from scrub.net.transport import TRY_LATER, explain

USE_A_BROWSER = "open the page in a browser, save it there and clean the file"

ADVICE = {
    401: f"it wants a login: {USE_A_BROWSER}",
    402: f"it wants to be paid: if you have access, {USE_A_BROWSER}",
    403: f"it refuses this request, perhaps all programs: {USE_A_BROWSER}",
    404: "check the address: the page may have moved",
    406: USE_A_BROWSER,
    407: "the proxy wants a name and a password: http://NAME:PASSWORD@HOST:PORT",
    408: "try again later",
    410: "the page was taken down: look for a copy in a web archive",
    429: "it gets too many requests: wait before the next one",
    451: "the page is blocked for legal reasons: look for a copy in a web archive",
}
SERVER_ADVICE = "the server has a problem of its own: try again later"
OTHER_ADVICE = "open the address in a browser to see what it says"


def status_error(status: int, retry_after: str | None, where: str) -> StatusError:
    """The error for an answer that is no page because of its status (RFC 9110, 15)."""
    advice = ADVICE.get(status) or (SERVER_ADVICE if 500 <= status <= 599 else OTHER_ADVICE)
    if retry_after and status in {429, 503}:  # RFC 9110, 10.2.3: seconds or a date
        wait = f"{retry_after[:9]} s" if retry_after.isdecimal() else f"until {retry_after[:40]!a}"
        advice = f"{advice} (it asks to wait {wait})"
    seconds = _seconds_to_wait(retry_after) if retry_after and status in {429, 503} else None
    return StatusError(f"{where} answered {status}{_phrase(status)}", advice, status, seconds)


def _seconds_to_wait(retry_after: str) -> float | None:
    """What `Retry-After` asks for, as seconds from now; `None` where it is neither a number nor a date."""
    if re.fullmatch(r"[0-9]+", retry_after.strip()):
        return float(retry_after.strip()[:9])
    try:
        moment = parsedate_to_datetime(retry_after)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def network_error(error: Exception, where: str) -> ConnectionFailedError:
    """The error for whatever the libraries below raised while a request was sent and its answer read."""
    if isinstance(error, httpcore.NetworkError | httpcore.TimeoutException | OSError):
        return ConnectionFailedError(f"{where} broke off the connection ({explain(error)})", TRY_LATER)
    return ConnectionFailedError(f"{where} sent what is not correct HTTP ({explain(error)})", TRY_LATER)


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return ""
