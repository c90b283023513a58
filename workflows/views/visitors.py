"""Where a request comes from, and how often one address may ask the public look-ups."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from workflows import clock
from workflows.errors import CaseError

LOOKUPS = 30  # a minute and address (reliability S-12)
OBJECTIONS = 5
MINUTE = 60  # seconds
OUR_PROXIES = ("127.0.0.1", "::1", "")  # "" is a Unix socket


class TooMany(CaseError):
    """Please try again in a minute."""

    status = 429


def address(request: HttpRequest) -> str:
    """The visitor's address: what our own proxy says, and nobody else's word for it."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    if peer in getattr(settings, "HENG_PROXIES", OUR_PROXIES):
        return _plain(request.META.get("HTTP_X_REAL_IP", "")) or peer
    return peer


def spend(request: HttpRequest, purse: str, allowance: int = LOOKUPS) -> None:
    """Count one request of this address; raises ``TooMany`` beyond ``allowance`` a minute."""
    minute = int(clock.now().timestamp() // MINUTE)
    key = f"visitor:{purse}:{_household(address(request))}:{minute}"
    if cache.add(key, 1, 2 * MINUTE):
        return
    try:
        asked = cache.incr(key)
    except ValueError:  # the counter fell out of the cache this instant
        return
    if asked > allowance:
        raise TooMany


def _household(visitor: str) -> str:
    """The address, or the /64 that one visitor has to themselves under IPv6."""
    plain = _plain(visitor)
    return str(ip_network(f"{plain}/64", strict=False)) if ":" in plain else plain


def _plain(text: str) -> str:
    """The address in its one spelling, or nothing for what is none."""
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""
