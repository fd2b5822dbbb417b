"""A small pool of connections for each host. A request comes in, an answer with a body to be read goes out.

httpcore's pool looks at all its connections for each request: one pool of hundreds costs ten times as much as many
small ones. All share one TLS context, since making it is what costs.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import httpcore
import httpx

from scrub.errors import RefusedError, TlsError
from scrub.net.settings import check_proxy
from scrub.net.transport import GuardedBackend, ProxyBackend, Resolver, explain, resolve_name
from scrub.net.urls import show_host

if TYPE_CHECKING:
    from scrub.net.settings import FetchSettings

# A host has one request at a time; a second connection lets the next one begin while a broken one is still closed.
MAX_CONNECTIONS = 2
KEEPALIVE_SECONDS = 15.0
MOST_IDLE_POOLS = 200  # some systems grant a process 256 files


class _Pool:
    """A host's connections, and how many answers of theirs are still being read."""

    def __init__(self, connections: httpcore.AsyncConnectionPool) -> None:
        self.connections = connections
        self.answers = 0


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's transport interface on pools of guarded connections. Failures come as httpcore raises them."""

    def __init__(self, open_pool: Callable[[httpx.URL], httpcore.AsyncConnectionPool]) -> None:
        self._open_pool = open_pool
        self._pools: dict[tuple[str, str], _Pool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the body of the answer is still to be read."""
        url = request.url
        pool = self._lease(url)
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        try:
            answer = await pool.connections.handle_async_request(
                httpcore.Request(request.method, target, headers=request.headers.raw, extensions=request.extensions)
            )
        except BaseException:
            pool.answers -= 1
            raise
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, pool), request=request)

    async def close_idle(self) -> None:
        """Close the connections of hosts that were not asked for longest, beyond 200 hosts."""
        if len(self._pools) <= MOST_IDLE_POOLS:
            return
        idle = [key for key, pool in self._pools.items() if not pool.answers]
        for pool in [self._pools.pop(key) for key in idle[: max(0, len(idle) - MOST_IDLE_POOLS)]]:
            await _close(pool)

    async def aclose(self) -> None:
        """Close all connections."""
        while self._pools:
            await _close(self._pools.popitem()[1])

    def _lease(self, url: httpx.URL) -> _Pool:
        key = (url.scheme, show_host(url))
        pool = self._pools.pop(key, None) or _Pool(self._open_pool(url))
        pool.answers += 1
        self._pools[key] = pool  # the last one used stands last
        return pool


async def _close(pool: _Pool) -> None:
    with suppress(Exception):  # a connection that cannot even be closed is gone
        await pool.connections.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, pool: _Pool) -> None:
        self._answer = answer
        self._pool: _Pool | None = pool

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert isinstance(self._answer.stream, AsyncIterable)
        async for piece in self._answer.stream:
            yield piece

    async def aclose(self) -> None:
        if self._pool:
            self._pool.answers -= 1
            self._pool = None
        await self._answer.aclose()


def open_transport(settings: FetchSettings, resolve: Resolver = resolve_name) -> GuardedTransport:
    """A transport for any number of pages. Close it with `aclose` or use it with `async with`.

    TlsError for certificates that cannot be read, RefusedError for a proxy of the environment that is none.
    """
    context = open_tls(settings)
    direct = GuardedBackend(allow_private=settings.allow_private, resolve=resolve)
    proxies = _proxies(settings)

    def open_pool(url: httpx.URL) -> httpcore.AsyncConnectionPool:
        proxy = None if proxy_bypass(show_host(url)) else proxies.get(url.scheme)
        return httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=MAX_CONNECTIONS,
            keepalive_expiry=KEEPALIVE_SECONDS,
            http2=True,
            proxy=proxy,
            network_backend=ProxyBackend() if proxy else direct,
        )

    return GuardedTransport(open_pool)


def open_tls(settings: FetchSettings) -> ssl.SSLContext:
    """What encrypted connections trust, and the client's own certificate where there is one."""
    try:
        context = (
            ssl.create_default_context(cafile=settings.ca_file) if settings.ca_file else httpx.create_ssl_context()
        )
    except OSError as error:
        source = settings.ca_file or "SSL_CERT_FILE"
        raise TlsError(f"the certificates cannot be read ({explain(error)})", f"check {source}") from error
    if settings.certificate:
        try:
            context.load_cert_chain(settings.certificate)
        except OSError as error:
            raise TlsError(
                f"the client certificate {settings.certificate} cannot be read ({explain(error)})",
                "give a PEM file that holds the certificate and its key",
            ) from error
    return context


def _proxies(settings: FetchSettings) -> dict[str, httpcore.Proxy]:
    """The proxy for each scheme: the one that was named, or those of the environment (http_proxy, https_proxy,
    all_proxy), as curl has them."""
    if settings.proxy is not None:
        return dict.fromkeys(("http", "https"), _open_proxy(settings.proxy, settings)) if settings.proxy else {}
    named = getproxies_environment()
    chosen = {scheme: named.get(scheme) or named.get("all") for scheme in ("http", "https")}
    return {scheme: _open_proxy(address, settings) for scheme, address in chosen.items() if address}


def _open_proxy(address: str, settings: FetchSettings) -> httpcore.Proxy:
    try:
        check_proxy(address)
    except ValueError as error:
        raise RefusedError(
            f"the proxy of the environment cannot be used: {error}", "check http_proxy and its like"
        ) from None
    parts = urlsplit(address)
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        raise RefusedError("a SOCKS proxy needs one package more", "pip install 'scrub-news[socks]'")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 1080)
    target = httpcore.URL(scheme=parts.scheme, host=str(parts.hostname), port=port, target="/")
    auth = (unquote(parts.username or ""), unquote(parts.password or "")) if parts.username or parts.password else None
    # A context of its own: with a proxy, another protocol is negotiated than with a site.
    return httpcore.Proxy(target, auth=auth, ssl_context=open_tls(settings) if parts.scheme == "https" else None)
