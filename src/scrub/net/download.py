"""One page: from its address through redirects to its bytes. All that a server can do ends in a Page or an error."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from scrub.errors import FetchTimeoutError, ScrubError, StatusError, TooLargeError
from scrub.model import Page
from scrub.net.content import ACCEPT, check_content, check_type
from scrub.net.decoding import ACCEPT_ENCODING, TOO_LARGE_ADVICE, decode_body
from scrub.net.failures import network_error, status_error
from scrub.net.urls import check_redirect, check_url, show_host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrub.net.settings import FetchSettings

# RFC 9110, 15.4. 300 offers a choice and 304 answers a condition that was not made.
REDIRECTS = frozenset({301, 302, 303, 307, 308})


async def download_page(url: str, settings: FetchSettings, transport: httpx.AsyncBaseTransport) -> Page:
    """The page at an address. `transport` is shared by many pages; every failure is a `ScrubError`.

    The time limit lies around everything, so that a server which sends a byte a second does not extend it.
    """
    first = check_url(url, allow_private=settings.allow_private)
    try:
        async with asyncio.timeout(settings.timeout):
            return await _follow(first, url, settings, transport)
    except TimeoutError:
        raise FetchTimeoutError(
            f"{show_host(first)} took longer than {settings.timeout:g} s",
            "try again later, or allow more time with --timeout",
        ) from None


async def _follow(first: httpx.URL, asked: str, settings: FetchSettings, transport: httpx.AsyncBaseTransport) -> Page:
    """Ask for the page, and again where it redirects to. Cookies live as long as this page: some sites set one and
    redirect to the same address, so a circle is the same address with the same cookies."""
    cookies = httpx.Cookies()
    url, seen = first, set[tuple[str, str | None]]()
    for _ in range(settings.max_redirects + 1):
        request = _make_request(url, first, settings, cookies)
        if (step := (str(url), request.headers.get("Cookie"))) in seen:
            raise StatusError(f"{show_host(first)} redirects in a circle", "open the page in a browser")
        seen.add(step)
        async with _exchange(request, transport) as response:
            location = response.headers.get("Location") if response.status_code in REDIRECTS else None
            if location is None:
                return await _read_page(response, url, asked, settings)
            with suppress(Exception):  # a cookie that cannot be read is one that was not sent
                cookies.extract_cookies(response)
        url = check_redirect(url, location, allow_private=settings.allow_private)
    raise StatusError(
        f"{show_host(first)} redirects more than {settings.max_redirects} times", "give the address where it should end"
    )


def _make_request(url: httpx.URL, first: httpx.URL, settings: FetchSettings, cookies: httpx.Cookies) -> httpx.Request:
    headers = httpx.Headers(
        {"User-Agent": settings.user_agent, "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING},
    )
    if _may_know_headers(url, first):
        headers.update(settings.headers)
    request = httpx.Request("GET", url, headers=headers)
    if "Cookie" not in headers:
        cookies.set_cookie_header(request)
    return request


def _may_know_headers(url: httpx.URL, first: httpx.URL) -> bool:
    """Whether the caller's headers, which may be credentials, go to this address: to the host that was asked, on its
    port, or from http to https on their usual ports, and never from https to http."""
    if url.host != first.host:
        return False
    is_upgrade = (first.scheme, first.port, url.scheme, url.port) == ("http", None, "https", None)
    return is_upgrade or (url.scheme, url.port) == (first.scheme, first.port)


@asynccontextmanager
async def _exchange(request: httpx.Request, transport: httpx.AsyncBaseTransport) -> AsyncIterator[httpx.Response]:
    """Send a request and have its answer, the body still unread."""
    try:
        response = await transport.handle_async_request(request)
    except ScrubError:
        raise
    except Exception as error:
        # The libraries below also raise KeyError, ValueError and h2's own errors for what a server may send.
        raise network_error(error, show_host(request.url)) from error
    response.request = request
    try:
        yield response
    finally:
        with suppress(Exception):  # a connection that cannot even be closed is gone
            await response.aclose()


async def _read_page(response: httpx.Response, url: httpx.URL, asked: str, settings: FetchSettings) -> Page:
    where, headers = show_host(url), response.headers
    if response.status_code != 200:
        raise status_error(response.status_code, headers.get("Retry-After"), where)
    content_type = headers.get("Content-Type")
    check_type(content_type, where, settings.accept)
    raw = await _read_body(response, settings.max_bytes, where)
    body = decode_body(raw, headers.get("Content-Encoding", ""), settings.max_bytes, where) if raw else raw
    check_content(body, content_type, where, settings.accept)
    return Page(
        body=body,
        url=str(url),
        requested_url=asked,
        content_type=content_type,
        status=response.status_code,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


async def _read_body(response: httpx.Response, limit: int, where: str) -> bytes:
    """The body as it comes, still compressed, and no more of it than the limit."""
    body = bytearray()
    declared = response.headers.get("Content-Length", "")
    too_large = TooLargeError(f"the page of {where} is larger than {limit} bytes", TOO_LARGE_ADVICE)
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large
    try:
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > limit:
                raise too_large
    except ScrubError:
        raise
    except Exception as error:
        raise network_error(error, where) from error
    return bytes(body)
