"""Connections to checked addresses and to nothing else: the network beneath httpcore's pools.

httpx's own transport resolves a name where nobody can look. Here a name is resolved once, what it leads to is checked,
and the connection is made to that very address: a name that changes between check and connection (DNS rebinding)
gains nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import httpcore

from scrub.errors import ConnectionFailedError, RefusedError, ResolveError, TlsError
from scrub.net.addresses import PUBLIC_ADVICE, check_address, is_address

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

# An address that does not answer leaves time for the next one; more than a handful is nobody's real setup.
ATTEMPT_SECONDS = 5.0
LAST_ATTEMPT_SECONDS = 10.0
MAX_ATTEMPTS = 6

TRY_LATER = "check the address, or try again later"


async def resolve_name(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver, in the order in which it wants them tried (RFC 6724).

    In a thread of its own that nothing waits for: a look-up cannot be interrupted, and must not hold up the end of
    a page's time, of an event loop, or of the program.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(addresses: list[str], error: Exception | None) -> None:
        if not answer.done():
            answer.set_exception(error) if error else answer.set_result(addresses)

    def look_up() -> None:
        addresses: list[str] = []
        failure: Exception | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError) as error:
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, addresses, failure)

    threading.Thread(target=look_up, name="scrub-resolve", daemon=True).start()
    return await answer


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for httpcore's pool, after checking where they lead."""

    def __init__(self, *, allow_private: bool, resolve: Resolver) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # bounded by ATTEMPT_SECONDS
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the host's addresses that answers."""
        failure: Exception | None = None
        addresses = (await self._checked_addresses(host, port))[:MAX_ATTEMPTS]
        for number, address in enumerate(addresses, start=1):
            patience = LAST_ATTEMPT_SECONDS if number == len(addresses) else ATTEMPT_SECONDS
            try:
                stream = await self._network.connect_tcp(address, port, patience, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
                failure = error
            else:
                return GuardedStream(stream, host)
        reason = explain(failure)
        raise ConnectionFailedError(f"{host} does not answer on port {port} ({reason})", TRY_LATER) from failure

    async def _checked_addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be opened; written out again, so that nothing is left to look up."""
        if is_address(host):
            return [str(check_address(host, allow_private=self._allow_private))]
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise ResolveError(f"the host name {host} does not resolve ({explain(error)})", TRY_LATER) from error
        checked, refusal = self._sort_out(found)
        if refusal and not checked:
            raise RefusedError(f"{host} leads where scrub does not go: {refusal.detail}", refusal.advice) from refusal
        if not checked:
            raise ResolveError(f"the host name {host} has no address", PUBLIC_ADVICE)
        return checked

    def _sort_out(self, addresses: Sequence[str]) -> tuple[list[str], RefusedError | None]:
        checked: list[str] = []
        refusal: RefusedError | None = None
        for address in addresses:
            try:
                checked.append(str(check_address(address, allow_private=self._allow_private)))
            except RefusedError as error:
                refusal = error
        return checked, refusal


class ProxyBackend(httpcore.AsyncNetworkBackend):
    """Opens connections to the proxy that the user named, wherever it is. What is asked of it was checked before."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the same bound as without a proxy
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the proxy."""
        try:
            stream = await self._network.connect_tcp(host, port, LAST_ATTEMPT_SECONDS, local_address, socket_options)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as error:
            raise ConnectionFailedError(
                f"the proxy {host}:{port} does not answer ({explain(error)})", "check --proxy or the environment"
            ) from error
        return GuardedStream(stream, host)


class GuardedStream(httpcore.AsyncNetworkStream):
    """A connection that tells a failed handshake from a failed connection, which httpcore gives one name."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, host: str) -> None:
        self._stream = stream
        self._host = host

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come, `max_bytes` at most."""
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection, such as whether it can be read from."""
        return self._stream.get_extra_info(info)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Encrypt the connection, or say why not."""
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError, UnicodeError) as error:
            raise TlsError(
                f"no encrypted connection to {server_hostname or self._host} ({explain(error)})",
                "open the page in a browser to see whether it warns too; save it there and clean the file",
            ) from error
        except BaseException:  # the time is up: httpcore closes after failures, not after a cancellation
            await self.aclose()
            raise


def explain(error: BaseException | None) -> str:
    """The system's words for a failure: those of the first cause, without the layers that passed it on."""
    words = ""
    for _ in range(10):  # no cycle is known, and none shall matter
        if error is None:
            break
        words = _words(error) or words
        inner = error.args[0] if error.args and isinstance(error.args[0], BaseException) else None
        error = inner or error.__cause__
    return words or "no reason given"


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or "TLS error").replace("_", " ").lower()
    if isinstance(error, OSError) and error.errno:
        # asyncio puts its own text in place of the system's; a look-up has numbers of its own.
        return str(error.strerror) if isinstance(error, socket.gaierror) else os.strerror(error.errno)
    if isinstance(error, httpcore.TimeoutException | TimeoutError):
        return "no answer in time"
    # A server may have had its say in this: nothing of it shall move a terminal's cursor.
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(str(error).split())[:200])
