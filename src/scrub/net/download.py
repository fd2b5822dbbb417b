"""One page: from its address through redirects to its bytes. All that a server can do ends in a Page or an error."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from http.cookiejar import CookieJar
from typing import NamedTuple

import httpx

from scrub.errors import (
    ConnectionFailedError,
    FetchTimeoutError,
    HostPausedError,
    RefusedError,
    ResolveError,
    RobotsUnreachableError,
    ScrubError,
    StatusError,
)
from scrub.model import Page
from scrub.net.content import check_content, check_type
from scrub.net.cookies import page_cookies
from scrub.net.exchange import Answer, Client, Effort
from scrub.net.failures import status_error
from scrub.net.head import Element, find_refresh, read_head
from scrub.net.preferences import Preference, find_licenses, read_elements, read_headers, settle
from scrub.net.retries import tries
from scrub.net.settings import Accepted
from scrub.net.site_files import SiteFiles, check_purpose
from scrub.net.urls import check_redirect, check_url, show_host
from scrub.net.watching import STALE, note

SHOWN_WAIT = 0.5  # seconds; shorter ones are no news to a person

# Where a page is not had because of its server, so that a copy of it may stand in (RFC 5861, 4).
OUT_OF_REACH = (
    ConnectionFailedError,
    FetchTimeoutError,
    HostPausedError,
    ResolveError,
    RobotsUnreachableError,
    StatusError,
)


class Sites(NamedTuple):
    """What all pages share: how hosts are asked, what they say beforehand, the cookies for them, and the names by which
    they may mean this program."""

    client: Client
    files: SiteFiles
    cookies: CookieJar | None
    agents: frozenset[str]


async def download_page(url: str, sites: Sites, effort: Effort) -> Page:
    """The page at an address, asked for again where that may help. Every failure is a `ScrubError`."""
    settings = sites.client.settings
    first = check_url(url, allow_private=settings.allow_private)
    try:
        return await _try(first, url, sites, effort)
    finally:
        if effort.waited >= SHOWN_WAIT:
            note(f"waited {effort.waited:.1f} s")


async def _try(first: httpx.URL, asked: str, sites: Sites, effort: Effort) -> Page:
    failure = ""
    async for attempt in tries(sites.client.settings):
        with attempt:
            effort.attempts += 1
            if failure:
                note(f"tried again, since {failure}")
            try:
                return await _follow(first, asked, sites, effort)
            except ScrubError as error:
                failure = error.detail
                raise
    raise AssertionError("the last try returns or raises")


async def _follow(first: httpx.URL, asked: str, sites: Sites, effort: Effort) -> Page:
    """Ask for the page, and again where it redirects to. Cookies live as long as this page: some sites set one and
    redirect to the same address, so a circle is the same address with the same cookies."""
    settings, cookies = sites.client.settings, page_cookies(sites.cookies)
    url, seen, may_refresh = first, set[tuple[str, str | None]](), True
    for _ in range(settings.max_redirects + 1):
        request = _make_request(url, first, sites.client, cookies)
        if (step := (str(url), request.headers.get("Cookie"))) in seen:
            raise StatusError(f"{show_host(first)} redirects in a circle", "open the page in a browser")
        seen.add(step)
        said, answer = await _ask(request, sites, effort)
        if "Set-Cookie" in answer.headers:
            with suppress(Exception):  # a cookie that cannot be read is one that was not sent
                cookies.extract_cookies(httpx.Response(answer.status, headers=answer.headers, request=request))
        if answer.location is not None:
            url = check_redirect(url, answer.location, allow_private=settings.allow_private)
            continue
        elements = () if _is_plain_text(answer) else read_head(answer.body)
        target = _refresh_target(answer, elements, sites) if may_refresh else None
        if target is None:
            licenses = find_licenses(answer.headers.multi_items(), elements)
            licensed = await sites.files.read_licenses(licenses, answer.url)
            return _make_page(answer, asked, sites, (*said, *_own_words(answer, elements, sites), *licensed))
        url, may_refresh = target, False
    raise StatusError(
        f"{show_host(first)} redirects more than {settings.max_redirects} times", "give the address where it should end"
    )


async def _ask(request: httpx.Request, sites: Sites, effort: Effort) -> tuple[tuple[Preference, ...], Answer]:
    """What a site says of a page beforehand, and its answer; a kept one where the server fails or is left alone."""
    settings = sites.client.settings
    said: tuple[Preference, ...] | None = None
    try:
        said = await sites.files.ask(request.url)
        return said, await sites.client.ask_for_page(request, effort, partial(_check_head, accept=settings.accept))
    except OUT_OF_REACH as error:
        is_answer = isinstance(error, StatusError) and (error.status or 0) < 500
        is_unasked = said is None and settings.purpose != "read"  # what the site denies is not known
        kept = None if is_answer or is_unasked else sites.client.kept(request)
        if kept is None:
            raise
        note(STALE)
        return said or (), kept


def _make_request(url: httpx.URL, first: httpx.URL, client: Client, cookies: httpx.Cookies) -> httpx.Request:
    request = client.request(url, client.settings.headers if _may_know_headers(url, first) else ())
    if len(cookies.jar) and "Cookie" not in request.headers:
        cookies.set_cookie_header(request)
    return request


def _may_know_headers(url: httpx.URL, first: httpx.URL) -> bool:
    """Whether the caller's headers, which may be credentials, go to this address: to the host that was asked, on its
    port, or from http to https on their usual ports, and never from https to http."""
    if url.host != first.host:
        return False
    is_upgrade = (first.scheme, first.port, url.scheme, url.port) == ("http", None, "https", None)
    return is_upgrade or (url.scheme, url.port) == (first.scheme, first.port)


def _check_head(response: httpx.Response, accept: Accepted) -> None:
    """Raise where an answer is no page by what it says of itself."""
    where = show_host(response.request.url)
    if response.status_code != 200:
        raise status_error(response.status_code, response.headers.get("Retry-After"), where)
    check_type(response.headers.get("Content-Type"), where, accept)


def _is_plain_text(answer: Answer) -> bool:
    return bool(answer.headers.get("Content-Type", "").lower().startswith("text/plain"))


def _refresh_target(answer: Answer, elements: tuple[Element, ...], sites: Sites) -> httpx.URL | None:
    """Where a page sends its reader on to at once, unless that is itself or where scrub does not go."""
    address = find_refresh(elements)
    if address is None:
        return None
    try:
        target = check_redirect(answer.url, address, allow_private=sites.client.settings.allow_private)
    except RefusedError:
        return None
    return target if target != answer.url else None


def _own_words(answer: Answer, elements: tuple[Element, ...], sites: Sites) -> tuple[Preference, ...]:
    return read_headers(answer.headers.multi_items(), sites.agents) + read_elements(elements, sites.agents)


def _make_page(answer: Answer, asked: str, sites: Sites, said: tuple[Preference, ...]) -> Page:
    where, content_type = show_host(answer.url), answer.headers.get("Content-Type")
    preferences = settle(said)
    check_purpose(preferences, sites.client.settings.purpose, where)
    check_content(answer.body, content_type, where, sites.client.settings.accept)
    return Page(
        body=answer.body,
        url=str(answer.url),
        requested_url=asked,
        content_type=content_type,
        status=answer.status,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
        preferences=tuple(str(one) for one in preferences),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw),
    )
