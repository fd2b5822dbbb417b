"""Which IP addresses may be opened: the public ones. An address comes in as text, its checked object goes out.

A page's author or a redirect could otherwise make scrub read what only the machine it runs on can reach: a router,
a database, the credentials of a cloud machine. The ranges are those of the special-purpose registries (RFC 6890).
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from scrub.errors import RefusedError

IPAddress = IPv4Address | IPv6Address

PRIVATE_ADVICE = "if that host is yours, permit private addresses (--allow-private)"
PUBLIC_ADVICE = "give the page's public address"


@dataclass(frozen=True, slots=True)
class Range:
    """Addresses that are not opened. `can_be_allowed` says whether `allow_private` permits them."""

    network: IPv4Network | IPv6Network
    name: str
    can_be_allowed: bool = False


def _ranges(*rows: tuple[str, str, bool]) -> tuple[Range, ...]:
    return tuple(Range(ip_network(network), name, can_be_allowed) for network, name, can_be_allowed in rows)


# The first range that holds an address decides, so single addresses stand before the ranges around them.
IPV4_RANGES = _ranges(
    ("100.100.100.200/32", "a cloud's metadata service", False),  # Alibaba Cloud
    ("168.63.129.16/32", "a cloud's metadata service", False),  # Azure's wire server, within a public range
    ("169.254.0.0/16", "a link-local address", False),  # RFC 3927; 169.254.169.254 and its like on most clouds
    ("0.0.0.0/8", "an unspecified address", False),  # RFC 1122, 3.2.1.3; Linux connects 0.0.0.0 to loopback
    ("10.0.0.0/8", "a private address", True),  # RFC 1918
    ("100.64.0.0/10", "an address behind carrier-grade NAT", True),  # RFC 6598
    ("127.0.0.0/8", "a loopback address", True),  # RFC 1122, 3.2.1.3
    ("172.16.0.0/12", "a private address", True),  # RFC 1918
    ("192.0.0.0/24", "a reserved address", False),  # RFC 6890; 192.0.0.192 is Oracle Cloud's metadata service
    ("192.0.2.0/24", "an address of documentation", False),  # RFC 5737
    ("192.88.99.0/24", "a reserved address", False),  # RFC 7526
    ("192.168.0.0/16", "a private address", True),  # RFC 1918
    ("198.18.0.0/15", "a reserved address", False),  # RFC 2544, benchmarks
    ("198.51.100.0/24", "an address of documentation", False),  # RFC 5737
    ("203.0.113.0/24", "an address of documentation", False),  # RFC 5737
    ("224.0.0.0/4", "a multicast address", False),  # RFC 5771
    ("240.0.0.0/4", "a reserved address", False),  # RFC 1112, 4; with 255.255.255.255, RFC 919
)

IPV6_RANGES = _ranges(
    ("fd00:ec2::/32", "a cloud's metadata service", False),  # AWS: fd00:ec2::254, ::253, ::123, ::23
    ("fd20:ce::254/128", "a cloud's metadata service", False),  # Google Cloud
    ("fd00:c1::/32", "a cloud's metadata service", False),  # Oracle Cloud: fd00:c1::a9fe:a9fe
    ("fd00:42::42/128", "a cloud's metadata service", False),  # Scaleway
    ("fe80::/10", "a link-local address", False),  # RFC 4291, 2.5.6
    ("::/128", "an unspecified address", False),  # RFC 4291, 2.5.2
    ("::1/128", "a loopback address", True),  # RFC 4291, 2.5.3
    ("fc00::/7", "a private address", True),  # RFC 4193
    ("ff00::/8", "a multicast address", False),  # RFC 4291, 2.7
    ("2001::/23", "a reserved address", False),  # RFC 2928: benchmarks, ORCHID and the like; Teredo is unwrapped
    ("2001:db8::/32", "an address of documentation", False),  # RFC 3849
    ("3fff::/20", "an address of documentation", False),  # RFC 9637
)

# RFC 4291, 2.4 and the registry of address space: all that is routed as public unicast lies in here.
GLOBAL_UNICAST = IPv6Network("2000::/3")
OUTSIDE_GLOBAL_UNICAST = Range(IPv6Network("::/0"), "a reserved address")

NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, 2.1; the local 64:ff9b:1::/48 lies outside global unicast
ISATAP_INTERFACES = frozenset({0x00005EFE, 0x02005EFE})  # RFC 5214, 6.1


def check_address(text: str, *, allow_private: bool = False) -> IPAddress:
    """The address that `text` spells, or `RefusedError` where it is not one that scrub opens.

    >>> check_address("93.184.216.34")
    IPv4Address('93.184.216.34')
    """
    if "%" in text:
        raise RefusedError(f"{text!a} has a zone, which only means something on one machine", PUBLIC_ADVICE)
    try:
        address = ip_address(text)
    except ValueError:
        raise RefusedError(f"{text!a} is not an IP address", PUBLIC_ADVICE) from None
    for target in _targets(address):
        found = _find_range(target)
        if found and not (found.can_be_allowed and allow_private):
            raise _refusal(address, target, found)
    return address


def is_address(host: str) -> bool:
    """Whether a host is an IP address in its usual spelling, and so needs no look-up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _targets(address: IPAddress) -> tuple[IPAddress, ...]:
    """Where a packet to the address may end: at an IPv4 address, where an IPv6 address wraps one."""
    if isinstance(address, IPv4Address):
        return (address,)
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None:  # RFC 4291, 2.5.5.2
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:  # RFC 3056
        return (address.sixtofour,)
    if address.teredo is not None:  # RFC 4380: the server and the client
        return address.teredo
    if address in NAT64:
        return (last,)
    if (int(address) >> 32) & 0xFFFFFFFF in ISATAP_INTERFACES:
        return (address, last)
    return (address,)


def _find_range(address: IPAddress) -> Range | None:
    ranges = IPV4_RANGES if isinstance(address, IPv4Address) else IPV6_RANGES
    for candidate in ranges:
        if address in candidate.network:
            return candidate
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return OUTSIDE_GLOBAL_UNICAST
    return None


def _refusal(address: IPAddress, target: IPAddress, found: Range) -> RefusedError:
    shown = str(address) if address == target else f"{address}, which stands for {target},"
    return RefusedError(f"{shown} is {found.name}", PRIVATE_ADVICE if found.can_be_allowed else PUBLIC_ADVICE)
