"""The guard as a whole, where a mistake would open a connection: in a network namespace that no packet leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest
from isolated_fetches import INSIDE, INSIDE_V6, LURING, OTHER_PUBLIC, PUBLIC

ISOLATE = ["unshare", "-rn"]


class Results(TypedDict):
    outcomes: dict[str, str]
    reached: list[str]


@pytest.fixture(scope="module")
def results() -> Results:
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("needs unshare and ip")
    if subprocess.run([*ISOLATE, "true"], capture_output=True, timeout=10, check=False).returncode:
        pytest.skip("network namespaces are not permitted here")
    script = Path(__file__).with_name("isolated_fetches.py")
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        [*ISOLATE, sys.executable, str(script)], capture_output=True, timeout=60, check=True, env=environment
    )
    found: Results = json.loads(done.stdout)
    return found


def test_only_public_addresses_were_reached(results: Results) -> None:
    assert set(results["reached"]) - {"2606:2800:220:1::1"} == {PUBLIC, OTHER_PUBLIC, LURING}


def test_a_public_page_and_a_redirect_to_another_are_fetched(results: Results) -> None:
    assert results["outcomes"]["public"] == f"http://{PUBLIC}/"
    assert results["outcomes"]["/to-public"] == f"http://{OTHER_PUBLIC}/"


@pytest.mark.parametrize(
    "path", ["/to-loopback", "/to-private", "/to-metadata", "/to-decimal", "/to-mapped", "/to-v6", "/to-name"]
)
def test_a_redirect_into_the_machines_own_network_is_refused(results: Results, path: str) -> None:
    assert results["outcomes"][path] == "refused"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", *INSIDE, *INSIDE_V6[:-1]])
def test_an_address_of_the_machines_own_network_is_refused(results: Results, host: str) -> None:
    assert results["outcomes"][f"address {host}"] == "refused"


@pytest.mark.parametrize("host", [*INSIDE, *INSIDE_V6[:-1]])
def test_a_name_that_leads_into_the_machines_own_network_is_refused(results: Results, host: str) -> None:
    assert results["outcomes"][f"name of {host}"] == "refused"


@pytest.mark.parametrize("case", ["allowed metadata", "allowed metadata by name"])
def test_the_metadata_service_is_refused_even_where_private_addresses_are_permitted(
    results: Results, case: str
) -> None:
    assert results["outcomes"][case] == "refused"


def test_of_several_addresses_only_the_public_ones_are_used(results: Results) -> None:
    assert results["outcomes"]["mixed"] == "http://a.example/"


def test_a_name_that_is_rebound_after_its_check_gains_nothing(results: Results) -> None:
    assert results["outcomes"]["rebound"] == "http://a.example/"
    assert results["outcomes"]["rebound redirect"] == "refused"
    assert results["outcomes"]["rebound after robots.txt"] == "refused"


def test_what_a_site_is_asked_before_its_pages_and_a_refresh_lead_nowhere_else(results: Results) -> None:
    assert results["outcomes"]["refresh"] == f"http://{PUBLIC}/refresh"
    assert results["outcomes"]["robots.txt leads inside"] == "robots-unreachable"
    assert results["outcomes"]["tdmrep.json leads inside"] == f"http://{LURING}/"


def test_a_name_that_the_system_cannot_resolve_is_a_dns_error(results: Results) -> None:
    assert results["outcomes"]["unresolvable"] == "dns"
