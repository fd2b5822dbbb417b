"""Which addresses of pages are opened. No socket is made here."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrub.errors import RefusedError
from scrub.net.urls import BAD_PORTS, check_redirect, check_url

OPENED = {
    "https://news.example/story": "https://news.example/story",
    " http://news.example ": "http://news.example",
    "HTTP://News.Example:80/A?b=c#d": "http://news.example/A?b=c",
    "https://bücher.example/käse": "https://xn--bcher-kva.example/k%C3%A4se",
    "https://news.example:8443/": "https://news.example:8443/",
    "https://news.example./x": "https://news.example./x",
    "https://a_b.news.example/x y": "https://a_b.news.example/x%20y",
    "https://93.184.216.34/": "https://93.184.216.34/",
    "https://[2606:2800:220:1::1]/": "https://[2606:2800:220:1::1]/",
    "https://news.example/?next=http://127.0.0.1/@x": "https://news.example/?next=http://127.0.0.1/@x",
    "https://127.0.0.1.news.example/": "https://127.0.0.1.news.example/",
    "https://localhost.example/": "https://localhost.example/",
}

REFUSED = [
    # other schemes, or none
    "file:///etc/passwd", "ftp://news.example/", "gopher://news.example/", "javascript:alert(1)", "data:text/html,x",
    "ws://news.example/", "dict://news.example:11211/", "news.example/story", "//news.example/", "localhost:8000", "",
    "mailto:desk@news.example", "view-source:https://news.example/",
    # no host, or none that can be one
    "http://", "http:///story", "http:story", "http://.", "http://..", "http://a..b/", "http://#x", "http://?x",
    "http://a b/", "http://a%20b/", "http://a%00b/", "http://a\\b/", "http://<b>/", "http://[::1", "http://::1/",
    "http://" + "a" * 64 + ".example/", "http://" + "a." * 130 + "example/", "http://Ⅷ.example/", "http://news.example:x/",
    "http://news.example:80:80/", "http://[v1.a]/", "http://*.example/",
    # credentials
    "http://user@news.example/", "http://user:password@news.example/", "http://:@news.example/",
    "http://news.example\\@127.0.0.1/", "http://news.example%40@127.0.0.1/", "http://127.0.0.1@news.example/",
    # ports
    "http://news.example:0/", "http://news.example:22/", "http://news.example:25/", "http://news.example:6379000/",
    "http://news.example:65536/", "http://news.example:6667/", "https://news.example:993/", "http://news.example:-1/",
    # control characters and injected headers
    "http://news.example/\r\nX-Evil: 1", "http://news.example/\n", "\thttp://news.example/", "http://news.example/\x00",
    "http://news.example/\x7f", "http://news.example/\x85", "http://news.example/\ud800", "http://\ud800.example/",
    "http://news.example/\u2028", "http://127.0.0.1\r\n/",
    # too long
    "http://news.example/" + "a" * 10_000,
    # loopback, private and other addresses, in all spellings
    "http://127.0.0.1/", "http://127.0.0.1:8080/", "http://127.1/", "http://127.0.1/", "http://0/", "http://0x0/",
    "http://2130706433/", "http://0x7f000001/", "http://0x7F.1/", "http://017700000001/", "http://0177.0.0.1/",
    "http://127.0.0.01/", "http://127.0.0.1./", "http://0x7f.0x0.0x0.0x1/", "http://127。0。0。1/", "http://127｡0｡0｡1/",
    "http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://%31%32%37.0.0.1/", "http://127.0.0.1%00.news.example/",
    "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/", "http://0.0.0.0/",
    "http://169.254.169.254/latest/meta-data/", "http://169.254.43518/", "http://2852039166/", "http://news.0x1/",
    "http://news.1/", "http://1.2.3.4.5/", "http://300.1.1.1/", "http://93.184.216.34./", "http://1572395042/",
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
    "http://[::1%25lo]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[fc00::1]/",
    "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://news.localhost/", "http://localhost:8000/",
]  # fmt: skip

# `allow_private` permits one's own hosts, and nothing else of the list.
PERMITTED = {
    "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "100.64.0.1", "::1", "0:0:0:0:0:0:0:1", "fc00::1",
    "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "localhost", "localhost.", "news.localhost",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), OPENED.items())
def test_an_address_on_the_web_is_opened(text: str, expected: str) -> None:
    assert str(check_url(text)) == expected


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_any_other_address_is_refused(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_url(text)
    assert str(caught.value).isprintable()
    assert caught.value.advice


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_allow_private_opens_ones_own_hosts_and_nothing_else(text: str) -> None:
    try:
        host = check_url(text, allow_private=True).host
    except RefusedError:
        return
    assert host in PERMITTED


@pytest.mark.parametrize("port", sorted(BAD_PORTS))
def test_the_ports_that_browsers_block_are_refused(port: int) -> None:
    with pytest.raises(RefusedError, match=f"port {port} "):
        check_url(f"http://news.example:{port}/")


def test_an_address_without_scheme_is_told_how_to_write_it() -> None:
    with pytest.raises(RefusedError, match="has no scheme") as caught:
        check_url("news.example/story")
    assert "https://" in caught.value.advice


@pytest.mark.parametrize(
    "text",
    [
        "https://reporter:hunter2@news.example/", "https://hunter2@news.example/", "ftp://reporter:hunter2@news.example/",
        "https://reporter:hunter2@news.example:x/", "https://reporter:hunter2@127.0.0.1/", "//reporter:hunter2@x/",
        "https://reporter:hunter2@news.example/\n", "https://reporter:hunter2@/", "https://a@b:hunter2@news.example/",
        "https://reporter:hunter2@news.example/" + "a" * 9_000, "https:\\\\reporter:hunter2@news.example\\",
        "https://reporter:hunter2@[::1", "https://reporter:hunter2@news.example:22/",
    ],
)  # fmt: skip
def test_a_password_is_not_repeated_in_the_message(text: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_url(text)
    assert "hunter2" not in str(caught.value)
    with pytest.raises(RefusedError) as caught:
        check_redirect(httpx.URL("ftp://news.example/"), text)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "https://news.example/b"),
        ("b?c#d", "https://news.example/a/b?c"),
        ("?c", "https://news.example/a/story?c"),
        ("//other.example/b", "https://other.example/b"),
        ("http://other.example", "http://other.example"),
        ("", "https://news.example/a/story"),
        ("/schöne straße", "https://news.example/sch%C3%B6ne%20stra%C3%9Fe"),
    ],
)
def test_a_redirect_is_resolved_against_its_page(location: str, expected: str) -> None:
    assert str(check_redirect(httpx.URL("https://news.example/a/story"), location)) == expected


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "//127.0.0.1/",
        "http://169.254.169.254/",
        "http://[::1",
        "javascript:1",
        "http:///x",
        "/a\r\nSet-Cookie: a=b",
        "http://user@news.example/",
        "http://0x7f.1/",
        "//x:22/",
        "http://x:80:80/",
    ],
)
def test_a_redirect_to_elsewhere_is_refused_and_names_who_sent_it(location: str) -> None:
    with pytest.raises(RefusedError, match=r"^news\.example redirects to where scrub does not go"):
        check_redirect(httpx.URL("https://news.example/story"), location)


@given(st.text(max_size=80) | st.from_regex(r"https?://[\x00-\U0001ffff]{0,20}(:[0-9]{0,6})?/?", fullmatch=True))
def test_any_text_is_opened_or_refused(text: str) -> None:
    try:
        url = check_url(text)
    except RefusedError:
        return
    assert url.scheme in {"http", "https"}
    assert url.raw_host
