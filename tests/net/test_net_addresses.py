"""Which IP addresses are opened. No socket is made here."""

from __future__ import annotations

import pytest

from scrub.errors import RefusedError
from scrub.net.addresses import IPV4_RANGES, IPV6_RANGES, check_address

PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255", "100.128.0.0",
    "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0",
    "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "223.255.255.255", "2606:2800:220:1:248:1893:25c8:1946", "2a00:1450:4001:81b::200e", "::ffff:93.184.216.34",
    "64:ff9b::93.184.216.34", "2002:5db8:d822::1", "2001:0:5db8:d822:0:0:a247:27dd",
    "2606:2800:220:1:0:5efe:5db8:d822",
]  # fmt: skip

# Permitted with `allow_private`.
PRIVATE = [
    "10.0.0.0", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "172.16.0.1",
    "172.31.255.255", "192.168.0.1", "192.168.255.255", "::1", "0:0:0:0:0:0:0:1", "fc00::1", "fd12:3456:789a::1",
    "fdff:ffff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "64:ff9b::7f00:1", "64:ff9b::192.168.1.1",
    "2002:7f00:1::1", "2002:0a00:0001::", "2002:c0a8:101::1", "2001:0:7f00:1:0:0:a247:27dd",
    "2001:0:5db8:d822:0:0:80ff:fffe", "2606:2800:220:1:0:5efe:10.0.0.1", "2606:2800:220:1:200:5efe:127.0.0.1",
]  # fmt: skip

# Never permitted.
FORBIDDEN = [
    "0.0.0.0", "0.1.2.3", "169.254.0.1", "169.254.169.254", "169.254.170.2", "169.254.255.255", "100.100.100.200",
    "168.63.129.16", "192.0.0.192", "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "fe80::1",
    "febf::1", "fec0::1", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fd00:c1::a9fe:a9fe",
    "ff02::1", "ff0e::1", "100::1", "2001:2::1", "2001:10::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1",
    "64:ff9b:1::10.0.0.1", "::127.0.0.1", "::7f00:2", "::ffff:0:127.0.0.1", "::ffff:0.0.0.0", "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe:0:0:a247:27dd", "2001:0:5db8:d822:0:0:5601:5601",
    "2606:2800:220:1:0:5efe:169.254.169.254", "::ffff:100.100.100.200", "::ffff:168.63.129.16",
    "::ffff:255.255.255.255",
]  # fmt: skip

NO_ADDRESS = [
    "fe80::1%eth0", "fe80::1%25eth0", "::1%lo", "127.1", "127.0.1", "2130706433", "0x7f000001", "017700000001",
    "0177.0.0.1", "0x7f.0.0.1", "127.0.0.01", "1.2.3", "1.2.3.4.5", "256.1.1.1", "[::1]", "localhost", "::ffff:1.2.3",
    ":::1", "", " 127.0.0.1", "127.0.0.1\n",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_opened(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_and_says_how_to_permit_it(address: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_address(address)
    assert "--allow-private" in caught.value.advice


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_opened_where_that_is_permitted(address: str) -> None:
    check_address(address, allow_private=True)


@pytest.mark.parametrize("allow_private", [False, True])
@pytest.mark.parametrize("address", FORBIDDEN)
def test_link_local_metadata_and_reserved_addresses_are_refused_always(address: str, allow_private: bool) -> None:
    with pytest.raises(RefusedError):
        check_address(address, allow_private=allow_private)


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        check_address(text, allow_private=True)


@pytest.mark.parametrize("row", [*IPV4_RANGES, *IPV6_RANGES], ids=str)
def test_the_first_and_last_address_of_every_range_are_refused(row: object) -> None:
    network = row.network  # type: ignore[attr-defined]
    for address in (network[0], network[-1]):
        with pytest.raises(RefusedError):
            check_address(str(address))


def test_the_message_says_what_an_address_stands_for() -> None:
    with pytest.raises(RefusedError, match=r"::ffff:7f00:1.* stands for 127\.0\.0\.1, is a loopback address"):
        check_address("::ffff:127.0.0.1")
