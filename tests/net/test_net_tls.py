"""Encrypted connections: certificates that do not hold, and HTTP/2 with its own ways to go wrong."""

from __future__ import annotations

import contextlib
import shutil
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import h2.settings
import pytest
from net_servers import HTML, NO_SITE_FILE, SITE_FILES, Server, answer, fetch, listen, local, read_head

from scrub.errors import FetchError, FetchTimeoutError, TlsError, TooLargeError
from scrub.net import Fetcher

if TYPE_CHECKING:
    import socket
    from pathlib import Path

Talk = Callable[[ssl.SSLSocket], None]


@dataclass(frozen=True)
class Certificate:
    path: Path
    key: Path


def make_certificate(folder: Path, name: str, alternative: str) -> Certificate:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(made.key)]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}"]
    subprocess.run(
        ["openssl", "req", "-x509", "-days", "2", *key, *names, "-out", str(made.path)],
        check=True,
        capture_output=True,
        timeout=20,
    )
    return made


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), "own", "IP:127.0.0.1")


@pytest.fixture(scope="module")
def other_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), "other", "DNS:other.example")


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    return certificate


def serve_tls(certificate: Certificate, talk: Talk, *protocols: str) -> AbstractContextManager[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.path, certificate.key)
    if protocols:
        context.set_alpn_protocols(list(protocols))

    def handle(connection: socket.socket, server: Server) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            talk(encrypted)

    return listen(handle)


def answer_http1(connection: ssl.SSLSocket) -> None:
    if head := read_head(connection):
        connection.sendall(NO_SITE_FILE if head.split(b" ")[1].decode() in SITE_FILES else answer())


def test_a_self_signed_certificate_is_refused_and_says_so(certificate: Certificate) -> None:
    with serve_tls(certificate, answer_http1) as server, pytest.raises(TlsError, match=r"self.signed") as caught:
        fetch(server.url(scheme="https"))
    assert caught.value.kind == "tls"
    assert "browser" in caught.value.advice


def test_a_certificate_that_is_trusted_gives_the_page(trusted: Certificate) -> None:
    with serve_tls(trusted, answer_http1) as server:
        assert fetch(server.url(scheme="https")).body == HTML


def test_a_certificate_of_another_host_is_refused(
    other_certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(other_certificate.path))
    with serve_tls(other_certificate, answer_http1) as server, pytest.raises(TlsError, match="not valid for"):
        fetch(server.url(scheme="https"))


def test_a_server_that_does_not_encrypt_is_an_error() -> None:
    with listen(lambda connection, server: connection.sendall(answer())) as server, pytest.raises(TlsError):
        fetch(server.url(scheme="https"))


def test_a_handshake_that_breaks_off_is_an_error() -> None:
    with listen(lambda connection, server: None) as server, pytest.raises(TlsError):
        fetch(server.url(scheme="https"))


def test_a_handshake_that_stalls_ends_in_time() -> None:
    def stall(connection: socket.socket, server: Server) -> None:
        with contextlib.suppress(TimeoutError):
            while connection.recv(65536):
                pass

    with listen(stall) as server, pytest.raises(FetchTimeoutError):
        fetch(server.url(scheme="https"), timeout=0.4, ignore_robots=True)


def test_a_missing_file_of_certificates_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    with pytest.raises(TlsError, match="SSL_CERT_FILE"):
        fetch("https://127.0.0.1:1/")


def test_an_own_file_of_certificates_is_trusted_alone(certificate: Certificate, other_certificate: Certificate) -> None:
    with serve_tls(certificate, answer_http1) as server:
        assert fetch(server.url(scheme="https"), ca_file=certificate.path).body == HTML
        with pytest.raises(TlsError, match=r"self.signed"):
            fetch(server.url(scheme="https"), ca_file=other_certificate.path)


def test_a_clients_certificate_is_shown_where_it_is_asked_for(certificate: Certificate, tmp_path: Path) -> None:
    both = tmp_path / "client.pem"
    both.write_bytes(certificate.path.read_bytes() + certificate.key.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.path, certificate.key)
    context.load_verify_locations(certificate.path)
    context.verify_mode = ssl.CERT_REQUIRED

    def handle(connection: socket.socket, server: Server) -> None:
        with context.wrap_socket(connection, server_side=True) as encrypted:
            answer_http1(encrypted)

    with listen(handle) as server:
        url = server.url(scheme="https")
        assert fetch(url, ca_file=certificate.path, certificate=both).body == HTML
        with pytest.raises(FetchError):
            fetch(url, ca_file=certificate.path)


def test_a_file_that_holds_no_certificate_is_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    with pytest.raises(TlsError, match="cannot be read") as caught:
        fetch("https://127.0.0.1:1/", ca_file=empty)
    assert str(empty) in caught.value.advice
    with pytest.raises(TlsError, match=r"client certificate .*empty\.pem cannot be read"):
        fetch("https://127.0.0.1:1/", certificate=empty)


# HTTP/2, RFC 9113. Each reply gets the connection and the stream of one request.
Reply = Callable[[h2.connection.H2Connection, int, ssl.SSLSocket], None]
DATA_OF_NO_STREAM = b"\x00\x00\x01\x00\x00\x00\x00\x00\x00x"
OK = [(":status", "200"), ("content-type", "text/html")]


def talk_http2(reply: Reply) -> Talk:
    def talk(connection: ssl.SSLSocket) -> None:
        state = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=False, validate_outbound_headers=False, normalize_outbound_headers=False
            )
        )
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if (
                    isinstance(event, h2.events.RequestReceived)
                    and dict(event.headers)[b":path"].decode() in SITE_FILES
                ):
                    state.send_headers(event.stream_id, [(":status", "404")], end_stream=True)
                elif isinstance(event, h2.events.RequestReceived):
                    reply(state, event.stream_id, connection)
            connection.sendall(state.data_to_send())

    return talk


@contextlib.contextmanager
def serve_http2(trusted: Certificate, reply: Reply) -> Iterator[Server]:
    with serve_tls(trusted, talk_http2(reply), "h2", "http/1.1") as server:
        yield server


def reply_page(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, OK)
    state.send_data(stream, HTML, end_stream=True)


def test_http2_is_used_where_it_is_offered_and_the_connection_is_kept(trusted: Certificate) -> None:
    streams: list[int] = []

    def reply(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
        streams.append(stream)
        reply_page(state, stream, connection)

    with serve_http2(trusted, reply) as server, Fetcher(local()) as fetcher:
        pages = [fetcher(server.url(f"/{number}", "https")) for number in range(3)]
    assert [page.body for page in pages] == [HTML] * 3
    assert streams == [5, 7, 9]  # after robots.txt and tdmrep.json


def no_status(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, [(":status", "many")], end_stream=True)


def reset(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, OK)
    state.reset_stream(stream)


def go_away(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.close_connection(error_code=11)


def wrong_length(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, [*OK, ("content-length", "5")])
    state.send_data(stream, HTML, end_stream=True)


def garbage(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    connection.sendall(DATA_OF_NO_STREAM)


def garbage_in_the_body(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, OK)
    connection.sendall(state.data_to_send() + DATA_OF_NO_STREAM)


def hang_up(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, OK)
    connection.sendall(state.data_to_send())
    connection.close()


def broken_headers(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    connection.sendall(b"\x00\x00\x04\x01\x05" + stream.to_bytes(4, "big") + b"\xff\xff\xff\xff")


def odd_location(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
    state.send_headers(stream, [(":status", "302"), ("location", "/a\r\nb: c")], end_stream=True)


@pytest.mark.parametrize(
    "reply",
    [no_status, reset, go_away, wrong_length, garbage, garbage_in_the_body, hang_up, broken_headers, odd_location],
)
def test_broken_http2_is_an_error_of_scrubs_own(trusted: Certificate, reply: Reply) -> None:
    started = time.monotonic()
    with serve_http2(trusted, reply) as server, pytest.raises(FetchError):
        fetch(server.url(scheme="https"), timeout=2)
    assert time.monotonic() - started < 4


def test_an_http2_connection_that_goes_away_after_a_page_does_not_hold_up_the_next(trusted: Certificate) -> None:
    def reply(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
        if stream == 5:
            reply_page(state, stream, connection)
        else:
            state.close_connection(last_stream_id=5)

    started = time.monotonic()
    with serve_http2(trusted, reply) as server, Fetcher(local(timeout=1)) as fetcher:
        assert fetcher(server.url(scheme="https")).body == HTML
        with contextlib.suppress(FetchError):
            fetcher(server.url(scheme="https"))
    assert time.monotonic() - started < 3


def test_a_large_http2_page_is_cut_off(trusted: Certificate) -> None:
    def reply(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
        state.send_headers(stream, OK)
        for _ in range(60):
            state.send_data(stream, b"<p>more</p>" * 1000)
            connection.sendall(state.data_to_send())

    with serve_http2(trusted, reply) as server, pytest.raises(TooLargeError):
        fetch(server.url(scheme="https"), max_bytes=200_000)


def test_a_stalled_http2_page_ends_in_time(trusted: Certificate) -> None:
    def reply(state: h2.connection.H2Connection, stream: int, connection: ssl.SSLSocket) -> None:
        state.send_headers(stream, OK)

    with serve_http2(trusted, reply) as server, pytest.raises(FetchTimeoutError):
        fetch(server.url(scheme="https"), timeout=0.4)
