"""Runs in a network namespace of its own (`unshare -rn`), where no packet can leave the machine.

There, addresses of all kinds are given to the loopback device, so that what scrub must not open *would* answer. Prints
one JSON object: by case what came of it, and under "reached" the addresses that got a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from scrub.errors import ScrubError
from scrub.net import Downloader, FetchSettings
from scrub.net.transport import Resolver, resolve_name

if TYPE_CHECKING:
    from collections.abc import Sequence

PUBLIC, OTHER_PUBLIC = "93.184.216.34", "93.184.216.35"
LURING = "93.184.216.36"  # its robots.txt and tdmrep.json lead inside
INSIDE = ["10.0.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "198.18.0.1"]
INSIDE_V6 = ["fd00:ec2::254", "fd12::1", "fe80::1", "2606:2800:220:1::1"]

PAGE = b"<html><p>The bridge is open.</p></html>"
REFRESH = b"<html><meta http-equiv=refresh content='0; url=http://169.254.169.254/'><p>The bridge is open.</p></html>"
LOCATIONS = {
    "/to-loopback": "http://127.0.0.1/",
    "/to-private": "http://10.0.0.1/",
    "/to-metadata": "http://169.254.169.254/latest/meta-data/",
    "/to-decimal": "http://2852039166/",
    "/to-mapped": "http://[::ffff:127.0.0.1]/",
    "/to-v6": "http://[fd00:ec2::254]/",
    "/to-name": "http://inside.example/",
    "/to-public": f"http://{OTHER_PUBLIC}/",
}
LURES = {"/robots.txt": "http://169.254.169.254/", "/.well-known/tdmrep.json": "http://10.0.0.1/"}

reached: list[str] = []


def set_up() -> None:
    commands = ["ip link set lo up"]
    commands += [f"ip addr add {address}/32 dev lo" for address in [PUBLIC, OTHER_PUBLIC, LURING, *INSIDE]]
    commands += [f"ip -6 addr add {address}/128 dev lo" for address in INSIDE_V6]
    for command in commands:
        subprocess.run(command.split(), check=command.startswith("ip link"), capture_output=True, timeout=10)


def listen(family: socket.AddressFamily, address: str) -> None:
    with socket.create_server((address, 80), family=family) as listener:
        while True:
            connection, _ = listener.accept()
            with contextlib.suppress(OSError), connection:
                reached.append(connection.getsockname()[0])
                path = connection.recv(65536).split(b" ")[1].decode()
                locations = {**LOCATIONS, **(LURES if connection.getsockname()[0] == LURING else {})}
                location = f"Location: {locations[path]}\r\n" if path in locations else ""
                body = REFRESH if path == "/refresh" else PAGE
                status = "302 Found" if location else "200 OK"
                head = f"HTTP/1.1 {status}\r\n{location}Content-Type: text/html\r\nContent-Length: {len(body)}\r\n"
                connection.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)


def resolver(*answers: Sequence[str]) -> Resolver:
    """A name server that answers one after the other, as one does that rebinds a name."""
    left = list(answers)

    async def resolve(host: str, port: int) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return resolve


def outcome(url: str, resolve: Resolver = resolve_name, **settings: object) -> str:
    async def run() -> str:
        chosen = FetchSettings(**{"timeout": 2, "delay": 0, "retries": 0, **settings})  # type: ignore[arg-type]
        async with Downloader(chosen, resolve) as downloader:
            return str((await downloader(url)).url)

    try:
        return asyncio.run(run())
    except ScrubError as error:
        return error.kind


def main() -> None:
    set_up()
    for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        threading.Thread(target=listen, args=(family, address), daemon=True).start()
    for _ in range(50):
        if outcome(f"http://{PUBLIC}/").startswith("http"):
            break
    reached.clear()
    inside = resolver(["10.0.0.1"])
    outcomes = {"public": outcome(f"http://{PUBLIC}/")}
    outcomes |= {path: outcome(f"http://{PUBLIC}{path}", inside) for path in LOCATIONS}
    outcomes |= {f"address {host}": outcome(f"http://{host}/") for host in ["127.0.0.1", *INSIDE]}
    outcomes |= {f"address {host}": outcome(f"http://[{host}]/") for host in ["::1", *INSIDE_V6]}
    outcomes |= {f"name of {host}": outcome("http://a.example/", resolver([host])) for host in [*INSIDE, *INSIDE_V6]}
    outcomes |= {
        "allowed metadata": outcome("http://169.254.169.254/", allow_private=True),
        "allowed metadata by name": outcome("http://a.example/", resolver(["169.254.169.254"]), allow_private=True),
        "mixed": outcome("http://a.example/", resolver(["10.0.0.1", PUBLIC])),
        # One look-up each for robots.txt, tdmrep.json and the page.
        "rebound": outcome("http://a.example/", resolver(*[[PUBLIC]] * 3, ["10.0.0.1"])),
        "rebound redirect": outcome("http://a.example/to-name", resolver(*[[PUBLIC]] * 3, ["127.0.0.1"])),
        "rebound after robots.txt": outcome("http://a.example/", resolver([PUBLIC], ["10.0.0.1"])),
        "refresh": outcome(f"http://{PUBLIC}/refresh"),
        "robots.txt leads inside": outcome(f"http://{LURING}/"),
        "tdmrep.json leads inside": outcome(f"http://{LURING}/", ignore_robots=True),
        "unresolvable": outcome("http://news.invalid/"),
    }
    json.dump({"outcomes": outcomes, "reached": sorted(set(reached))}, sys.stdout)


if __name__ == "__main__":
    main()
