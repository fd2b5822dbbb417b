"""Which addresses of pages may be opened. Text comes in, a parsed and checked `httpx.URL` goes out.

The same parsed object is what is connected to, so that no second parser can read another host from the same text.
"""

from __future__ import annotations

import re

import httpx

from scrub.errors import RefusedError
from scrub.net.addresses import PRIVATE_ADVICE, PUBLIC_ADVICE, check_address, is_address
from scrub.net.credentials import mask_credentials

# RFC 9110, 4.1: what every sender and recipient should support at least; longer ones are rare and often attacks.
MAX_URL_LENGTH = 8_000

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
HOST_NAME = re.compile(r"(?=.{1,254}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?")  # RFC 1035, 2.3.4
# WHATWG URL, 3.5, "ends in a number": the system would read such a name as an IPv4 address, in hex, octal or short.
ENDS_IN_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$")

# Fetch standard, 2.9 "Port blocking": what listens there is not HTTP, and could take a request for its own commands.
BAD_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109}
    | {110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530}
    | {531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190}
    | {5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)

WRITE_HTTPS = "write the whole address, as in https://news.example/story"


def check_url(text: str, *, allow_private: bool = False) -> httpx.URL:
    """The parsed address, without its fragment, or `RefusedError` where scrub does not open it."""
    return _check_parsed(_parse(text), allow_private=allow_private)


def check_redirect(base: httpx.URL, location: str, *, allow_private: bool = False) -> httpx.URL:
    """The address that a `Location` means, seen from `base` (RFC 3986, 5), checked like any other."""
    try:
        return _check_parsed(_parse(location, base), allow_private=allow_private)
    except RefusedError as error:
        advice = "open the page in a browser and see where it leads before you trust it"
        raise RefusedError(f"{show_host(base)} redirects to where scrub does not go: {error.detail}", advice) from error


def show_host(url: httpx.URL) -> str:
    """How messages name a page's host: with its port where that is not the scheme's own."""
    return url.netloc.decode("ascii")


def _parse(text: str, base: httpx.URL | None = None) -> httpx.URL:
    if len(text) > MAX_URL_LENGTH:
        raise RefusedError(f"an address of {len(text)} characters is too long ({_shorten(text[:60])}…)", WRITE_HTTPS)
    if CONTROL.search(text):
        raise RefusedError(f"{_shorten(text)} contains control characters", "remove them from the address")
    try:
        url = httpx.URL(text.strip(" "))
        url = base.join(url) if base else url
        return url.copy_with(fragment=None) if "#" in text else url
    except (httpx.InvalidURL, ValueError) as error:  # ValueError: also UnicodeError, from names that IDNA refuses
        raise RefusedError(f"{_shorten(text)} is not a valid address ({_shorten(str(error))})", WRITE_HTTPS) from error


def _check_parsed(url: httpx.URL, *, allow_private: bool) -> httpx.URL:
    shown = _shorten(str(url))
    if url.scheme not in {"http", "https"}:
        scheme = f"begins with {url.scheme[:40]!a}" if url.scheme else "has no scheme"
        raise RefusedError(f"{shown} {scheme}, and scrub opens only http and https", WRITE_HTTPS)
    if url.userinfo:
        raise RefusedError(f"the address for {show_host(url)} holds a user name or a password", "leave them out of it")
    _check_port(url)
    _check_host(url.raw_host.decode("ascii"), shown, allow_private=allow_private)
    return url


def _check_port(url: httpx.URL) -> None:
    if url.port is not None and (url.port in BAD_PORTS or not 0 < url.port <= 0xFFFF):
        raise RefusedError(f"port {url.port} of {show_host(url)} is not one for web pages", "check the address")


def _check_host(host: str, shown: str, *, allow_private: bool) -> None:
    if not host:
        raise RefusedError(f"{shown} names no host", WRITE_HTTPS)
    if ":" in host or is_address(host):
        check_address(host, allow_private=allow_private)
    elif ENDS_IN_NUMBER.search(host):
        raise RefusedError(f"{_shorten(host)} is a number in place of a host name", PUBLIC_ADVICE)
    elif not HOST_NAME.fullmatch(host):
        raise RefusedError(f"{_shorten(host)} is not a host name", "check the address")
    elif not allow_private and host.removesuffix(".").rpartition(".")[2] == "localhost":  # RFC 6761, 6.3
        raise RefusedError(f"{host} is this machine itself", PRIVATE_ADVICE)


def _shorten(text: str) -> str:
    """What messages show of an address: no more than 200 characters, and no name and password."""
    text = mask_credentials(text)
    return ascii(text if len(text) <= 200 else f"{text[:200]}…")
