"""Contacts with the office that may be rated (好差评), each by an address that is its own proof."""

from django.conf import settings
from django.core import signing
from django.urls import reverse

from workflows.models import Case, Event

SIGNER = signing.Signer(salt="feedback")
EVENTS = frozenset(  # what the trail calls a contact
    {
        "submitted", "resubmitted", "accepted", "deemed_accepted", "returned", "not_accepted",
        "delivered", "withdrawn", "review_answered",
    }
)  # fmt: skip
MESSAGES = frozenset(  # the messages that tell of one
    {
        "received", "accepted", "returned", "not_accepted", "decided", "withdrawn",
        "review_answered",
    }
)  # fmt: skip


def token(event: int) -> str:
    """What stands in the address where the contact told of by ``event`` is rated."""
    return SIGNER.sign(str(event))


def contact(token: str) -> Event | None:
    """The contact an address speaks of; None for a forged one, or for what is no contact."""
    try:
        key = SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    return Event.objects.filter(pk=key, kind__in=EVENTS).select_related("case").first()


def address(event: int) -> str:
    """The page where a contact is rated, in the active language."""
    return reverse("feedback", args=[token(event)])


def offer(case: Case) -> str:
    """Where the newest contact of ``case`` is rated; empty once that was done, or without one."""
    told = Event.objects.filter(case=case, kind__in=EVENTS).order_by("-seq")
    newest = told.values_list("pk", "rating").first()
    return address(newest[0]) if newest and newest[1] is None else ""


def link(event: int) -> str:
    """The same, whole, as a letter needs it."""
    return f"{settings.HENG_SITE}{address(event)}"
