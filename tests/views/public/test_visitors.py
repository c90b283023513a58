"""Where a request comes from: what our own proxy says, and nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from workflows.views import visitors

VISIT = """
import datetime, django
django.setup()
from django.test import RequestFactory
from workflows import clock
from workflows.views import visitors
with clock.at(clock.start_of(datetime.date(2026, 9, 24))):
    try:
        visitors.spend(RequestFactory().get("/"), "lookup", allowance=2)
    except visitors.TooMany:
        raise SystemExit(9)
"""


@pytest.mark.parametrize(
    ("proxies", "told", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.66, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.66, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
        (1, " 2001:DB8::0001 ", "2001:db8::1"),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Settings, proxies: int, told: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=told)

    assert visitors.address(request) == address


def test_one_household_of_ipv6_shares_one_allowance() -> None:
    neighbours = [f"2001:db8:0:1::{number:x}" for number in range(1, 5)]
    requests = [RequestFactory().get("/", REMOTE_ADDR=each) for each in neighbours]

    for request in requests[:3]:
        visitors.spend(request, "test", allowance=3)

    with pytest.raises(visitors.TooMany):
        visitors.spend(requests[3], "test", allowance=3)


def test_addresses_and_purposes_are_counted_apart() -> None:
    for peer in ("198.51.100.1", "198.51.100.2"):
        for purse in ("lookup", "objection"):
            request = RequestFactory().get("/", REMOTE_ADDR=peer)

            visitors.spend(request, purse, allowance=1)


def test_every_process_of_the_house_counts_the_same_visitor(tmp_path: Path) -> None:
    house = {"DJANGO_SETTINGS_MODULE": "project.settings", "HENG_VAR": str(tmp_path)}

    visits = [
        subprocess.run([sys.executable, "-c", VISIT], env={**os.environ, **house}, check=False)
        for _ in range(3)
    ]

    assert [visit.returncode for visit in visits] == [0, 0, 9]
