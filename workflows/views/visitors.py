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


class TooMany(CaseError):
    """Please try again in a minute."""

    status = 429


def address(request: HttpRequest) -> str:
    """The visitor's address: as the outermost of our own proxies saw it, nobody else's word.

    Each proxy adds whom it hears from at the end of ``X-Forwarded-For``; ``PROXIES`` says how
    many are ours (docs/operations.md).
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    ours = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < ours <= len(told):
        return peer
    return _plain(told[-ours]) or peer


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
