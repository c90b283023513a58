"""Where a request comes from: what our own proxy says, and nobody else."""

import pytest
from django.test import RequestFactory

from workflows.views import visitors


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "<script>", "127.0.0.1"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("::1", " 2001:DB8::0001 ", "2001:db8::1"),
    ],
)
def test_only_our_own_proxy_is_believed(peer: str, told: str, address: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_REAL_IP=told)

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
