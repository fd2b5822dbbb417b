"""An HTTP cache of one person (RFC 9111) between download and the guarded transport: a request comes in, and goes on
only where no kept answer will do.

Our own, since hishel 2 costs as much CPU a request as all the rest of a download (1.7 to 4.4 ms) and keeps no stale
copy for when a server fails. Left out on purpose: heuristic freshness (4.2.2), since news changes, and answers other
than 200.
"""

from __future__ import annotations

import re
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import httpx

from scrub.net.cache_store import CacheStore, Headers, Stored
from scrub.net.watching import note

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

MOST_ENTRY = 5_000_000  # bytes of one answer; the longest article pages have less
STALE_SECONDS = 24 * 3600.0  # so long after its time an answer may stand in for a server that fails (RFC 5861, 4)

# A request with one of these is for this moment or this person alone, and passes by.
PASSING_BY = ("Authorization", "Cookie", "Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Range")
# RFC 9110, 7.6.1: of the connection, not of the answer. A cookie is set by a server, never by its copy.
NOT_KEPT = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "set-cookie"}
)
# RFC 9111, 3.2: what describes the body that is here, which a 304 does not have.
OF_THE_BODY = frozenset({"content-length", "content-encoding", "content-type", "content-range"})

_DIRECTIVE = re.compile(r"\s*([\w-]{1,40})\s*(?:=\s*(?:\"([^\"]{0,200})\"|([^\s,;]{0,200})))?\s*(?:,|$)")


class CachingTransport(httpx.AsyncBaseTransport):
    """A transport that remembers. `private` keeps what was had by leave for private addresses apart from the rest."""

    def __init__(self, inner: httpx.AsyncBaseTransport, store: CacheStore, *, private: bool = False) -> None:
        self._inner = inner
        self._store = store
        self._scope = "private " if private else ""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The kept answer where it is fresh or confirmed; else the server's."""
        if _passes_by(request):
            return await self._inner.handle_async_request(request)
        stored = self._find(request)
        if stored is None:
            return self._keep(request, await self._inner.handle_async_request(request))
        if _staleness(stored) < 0:
            note("from the cache")
            return _answer(stored, request)
        return await self._revalidate(request, stored)

    def has_fresh(self, request: httpx.Request) -> bool:
        """Whether a request will be answered without asking its server."""
        stored = self._find(request)
        return stored is not None and _staleness(stored) < 0

    def stand_in(self, request: httpx.Request) -> Stored | None:
        """The kept answer that may be used where the server fails, though its time ran out (RFC 9111, 4.2.4)."""
        stored = self._find(request)
        return stored if stored is not None and _may_stand_in(stored) else None

    async def aclose(self) -> None:
        """Close the transport behind it; the store is its owner's."""
        await self._inner.aclose()

    def _key(self, request: httpx.Request) -> str:
        return f"{self._scope}{request.url}"

    def _find(self, request: httpx.Request) -> Stored | None:
        """The answer that was kept for such a request."""
        stored = None if _passes_by(request) else self._store.get(self._key(request))
        is_other = stored is not None and any(request.headers.get(name) != value for name, value in stored.vary)
        return None if is_other else stored

    async def _revalidate(self, request: httpx.Request, stored: Stored) -> httpx.Response:
        """Ask whether the kept answer still holds (RFC 9111, 4.3)."""
        response = await self._inner.handle_async_request(_conditional(request, stored))
        if response.status_code == 304:
            await response.aread()
            await response.aclose()
            note("confirmed from the cache")
            stored = _confirmed(stored, response.headers)
            self._store.put(self._key(request), stored)
            return _answer(stored, request)
        if response.status_code < 500 and response.status_code != 200:
            self._store.drop(self._key(request))
        return self._keep(request, response, replaces=True)

    def _keep(self, request: httpx.Request, response: httpx.Response, *, replaces: bool = False) -> httpx.Response:
        """The answer, which is stored on its way once its body has come whole; until then what it `replaces` may stand
        in for it."""
        is_storable = _is_storable(response.headers)
        if response.status_code != 200 or not (is_storable or replaces):
            return response
        names = [name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()]
        vary = tuple((name, request.headers.get(name, "")) for name in names if name in request.headers)
        key, headers, received, age = self._key(request), _kept(response.headers), time.time(), _age(response.headers)

        def store(body: bytes) -> None:
            if is_storable and len(body) <= MOST_ENTRY:
                self._store.put(key, Stored(headers, body, vary, received, age))
            else:
                self._store.drop(key)

        assert isinstance(response.stream, httpx.AsyncByteStream)
        stream = _Kept(response.stream, store)
        return httpx.Response(200, headers=response.headers, stream=stream, request=request)


class _Kept(httpx.AsyncByteStream):
    """A body that is handed on piece by piece, and to `store` when it was read to its end; one that is too large only
    in part, which is too large too."""

    def __init__(self, stream: httpx.AsyncByteStream, store: Callable[[bytes], None]) -> None:
        self._stream = stream
        self._store = store

    async def __aiter__(self) -> AsyncIterator[bytes]:
        body = bytearray()
        async for piece in self._stream:
            if len(body) <= MOST_ENTRY:
                body += piece
            yield piece
        self._store(bytes(body))

    async def aclose(self) -> None:
        await self._stream.aclose()


def _passes_by(request: httpx.Request) -> bool:
    if request.method != "GET" or any(name in request.headers for name in PASSING_BY):
        return True
    return bool(_directives(request.headers).keys() & {"no-store", "no-cache"})


def _answer(stored: Stored, request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers=stored.headers, stream=httpx.ByteStream(stored.body), request=request)


def _conditional(request: httpx.Request, stored: Stored) -> httpx.Request:
    """The request with the validators of what is kept (RFC 9110, 13.1)."""
    kept, headers = httpx.Headers(stored.headers), request.headers.copy()
    if etag := kept.get("ETag"):
        headers["If-None-Match"] = etag
    if modified := kept.get("Last-Modified"):
        headers["If-Modified-Since"] = modified
    return httpx.Request("GET", request.url, headers=headers, extensions=request.extensions)


def _confirmed(stored: Stored, headers: httpx.Headers) -> Stored:
    """What is kept, with the headers that came with its confirmation (RFC 9111, 3.2)."""
    new = [(name, value) for name, value in _kept(headers) if name not in OF_THE_BODY]
    names = {name for name, _ in new}
    old = [(name, value) for name, value in stored.headers if name not in names and name != "age"]
    return stored._replace(headers=(*old, *new), received=time.time(), age=_age(headers))


def _kept(headers: httpx.Headers) -> Headers:
    return tuple((name.lower(), value) for name, value in headers.multi_items() if name.lower() not in NOT_KEPT)


def _is_storable(headers: httpx.Headers) -> bool:
    """Whether an answer may be kept (RFC 9111, 3), and keeping it can be of use."""
    if "no-store" in _directives(headers) or "*" in headers.get("Vary", ""):
        return False
    return "ETag" in headers or "Last-Modified" in headers or _lifetime(headers) > 0


def _staleness(stored: Stored) -> float:
    """Seconds since the answer's time ran out; below 0 while it is fresh (RFC 9111, 4.2)."""
    headers = httpx.Headers(stored.headers)
    age = stored.age + max(0.0, time.time() - stored.received)
    lifetime = 0.0 if "no-cache" in _directives(headers) else _lifetime(headers)
    return age - lifetime if lifetime else max(age, 0.0)


def _lifetime(headers: httpx.Headers) -> float:
    """For how many seconds an answer is fresh (RFC 9111, 4.2.1), without the share of shared caches."""
    directives = _directives(headers)
    if "max-age" in directives:
        return _seconds(directives["max-age"])
    expires, date = _moment(headers.get("Expires")), _moment(headers.get("Date"))
    return max(0.0, expires - (time.time() if date is None else date)) if expires is not None else 0.0


def _age(headers: httpx.Headers) -> float:
    """How old an answer was when it came (RFC 9111, 4.2.3)."""
    date = _moment(headers.get("Date"))
    return max(_seconds(headers.get("Age", "")), 0.0 if date is None else time.time() - date, 0.0)


def _may_stand_in(stored: Stored) -> bool:
    """Whether an answer whose time ran out may be used where the server fails (RFC 9111, 4.2.4; RFC 5861, 4)."""
    directives = _directives(httpx.Headers(stored.headers))
    if directives.keys() & {"must-revalidate", "no-cache"}:
        return False
    limit = _seconds(directives["stale-if-error"]) if "stale-if-error" in directives else STALE_SECONDS
    return _staleness(stored) <= limit


def _directives(headers: httpx.Headers) -> Mapping[str, str]:
    """The directives of Cache-Control, the first of each name (RFC 9111, 5.2)."""
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(headers.get("Cache-Control", "")[:2_000]):
        found.setdefault(match[1].lower(), match[2] or match[3] or "")
    return found


def _seconds(text: str) -> float:
    """A number of seconds (RFC 9111, 1.2.2); 0 for what is none."""
    return float(text[:10]) if text.isascii() and text.isdecimal() else 0.0


def _moment(text: str | None) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp() if text else None
    except (ValueError, OverflowError):
        return None
