"""Letters about accounts, sent by a job: invitations to an address, news to an account holder.

What the job keeps is whom it concerns, never an address or a secret: both are read when it runs.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from workflows import jobs
from workflows.models import Invitation, Job, Membership, User
from workflows.notifications import channels, letters
from workflows.stages import invitations


# --- asking ---------------------------------------------------------------------------------------
def invite(invitation: Invitation) -> None:
    """Let the letter of an invitation be sent, in the caller's transaction."""
    jobs.enqueue(
        "letter", key=f"letter:invitation:{invitation.pk}", payload={"invitation": invitation.pk}
    )


def tell(reader: User, kind: str, *, about: object, **facts: str) -> None:
    """Let ``reader`` have the letter ``kind``, once for each thing it is ``about``."""
    payload = {"kind": kind, "user": reader.pk, "facts": facts}
    jobs.enqueue("letter", key=f"letter:{kind}:{about}:{reader.pk}", payload=payload)


# --- sending --------------------------------------------------------------------------------------
def send(job: Job) -> None:
    """Send one letter out by every channel that takes letters, in its reader's language."""
    recipient, kind, facts = _told(job.payload)
    with translation.override(recipient.language):
        if role := facts.get("role"):
            facts["role"] = str(Membership.Role(role).label)
        words = letters.words(kind, facts)
    for channel in map(channels.channel, channels.names()):
        if channel.reaches(recipient) and not channel.urgent_only:
            channel.send(recipient, words, job.dedupe_key)


@jobs.handler("letter", work=send)
def sent(job: Job, made: None) -> None:
    """The finished job is the proof of sending; nothing else is written."""


def _told(payload: dict[str, Any]) -> tuple[channels.Recipient, str, dict[str, str]]:
    if "invitation" in payload:
        return _invitation(payload["invitation"])
    person = User.objects.get(pk=payload["user"])
    facts: dict[str, str] = dict(payload["facts"])
    return channels.Recipient(person.name, person.email, person.language), payload["kind"], facts


def _invitation(pk: int) -> tuple[channels.Recipient, str, dict[str, str]]:
    """The letter of an invitation; whoever has an account already is sent to it."""
    found = Invitation.objects.select_related("organisation", "by").get(pk=pk)
    recipient = channels.Recipient("", found.email, found.language)
    facts = {"days": str(invitations.LASTING.days)}
    if found.organisation is None:
        known = User.objects.filter(email__iexact=found.email, is_active=True).exists()
        page = ("organisations", []) if known else ("join", [invitations.token(found)])
        return recipient, "known" if known else "account", facts | {"link": _address(found, *page)}
    facts |= {
        "link": _address(found, "join", [invitations.token(found)]),
        "organisation": found.organisation.name,
        "person": str(found.by),
        "role": found.role,
    }
    return recipient, "invited", facts


def _address(found: Invitation, name: str, args: list[str]) -> str:
    with translation.override(found.language):
        return f"{settings.HENG_SITE}{reverse(name, args=args)}"
