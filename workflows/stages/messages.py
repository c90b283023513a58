"""Telling people: one message to each person concerned, once per event.

``audience`` names who is concerned: ``applicant`` (everyone who acts for it),
``organisation:<key>`` (everyone who acts for that one), ``group:<name>`` (an inbox group),
``panel`` (the experts seated), ``meeting:<key>`` or ``user:<key>``.
"""

from collections.abc import Callable, Iterable, Mapping

from django.utils import translation

from workflows import clock, jobs
from workflows.models import (
    Appointment,
    Case,
    Event,
    Job,
    MeetingMember,
    Membership,
    Message,
    Seat,
    User,
)
from workflows.notifications import channels, sentences

INSIDE = "app"  # the channel that is the message row itself


def tell(
    case: Case, kind: str, *, event: Event, audience: str = "applicant", **facts: object
) -> None:
    """Let every person of ``audience`` have the message ``kind``; the people are found by a job.

    A repeated call changes nothing. ``facts`` must fill every place of the sentence
    (``ValueError``) and hold JSON values.
    """
    facts = {"reference": case.reference, **facts}
    if missing := sentences.SENTENCES[kind].places - facts.keys():
        raise ValueError(f"a message “{kind}” needs {sorted(missing)}")
    jobs.enqueue(
        "tell",
        case=case,
        key=f"tell:{event.pk}:{kind}:{audience}",
        payload={"kind": kind, "event": event.pk, "audience": audience, "facts": facts},
    )


@jobs.handler("tell")
def told(job: Job, made: None) -> None:
    """Write the message to each person concerned, and ask for letters to them.

    Event, recipient and channel make the key: nobody has a message twice. Whoever has no address
    reads it in the house only.
    """
    case, kind, event = job.case, job.payload["kind"], job.payload["event"]
    assert case is not None, "messages are about a case"
    name, _, key = job.payload["audience"].partition(":")
    addresses = dict(AUDIENCES[name](case, key))
    Message.objects.bulk_create(
        (
            Message(
                recipient_id=person,
                case=case,
                kind=kind,
                facts=job.payload["facts"],
                key=f"{event}:{person}:{INSIDE}",
                sent=clock.now(),
            )
            for person in sorted(addresses)
        ),
        ignore_conflicts=True,
    )
    with jobs.gathered():
        for channel in channels.names():
            for person in sorted(person for person, address in addresses.items() if address):
                jobs.enqueue(
                    "message",
                    key=f"message:{event}:{person}:{channel}",
                    payload={
                        "channel": channel,
                        "recipient": person,
                        "kind": kind,
                        "facts": job.payload["facts"],
                    },
                )


# --- ways out -----------------------------------------------------------------------------------
def deliver(job: Job) -> None:
    """Send one message out, in its recipient's language; the job's key tells repetitions apart."""
    told = job.payload
    person = User.objects.get(pk=told["recipient"])
    if not person.is_active:
        return
    with translation.override(person.language):
        words = sentences.words(told["kind"], told["facts"])
    recipient = channels.Recipient(person.name, person.email, person.language)
    channels.channel(told["channel"]).send(recipient, words, job.dedupe_key)


@jobs.handler("message", work=deliver)
def delivered(job: Job, made: None) -> None:
    """The finished job is the proof of sending; nothing else is written."""


# --- reading ------------------------------------------------------------------------------------
def mark_read(user: User, keys: Iterable[int]) -> int:
    """Note that ``user`` has read those of their messages; say how many were new."""
    unread = Message.objects.filter(recipient=user, pk__in=keys, read=None)
    return unread.update(read=clock.now())


# --- who is concerned: people, with their addresses ----------------------------------------------
Addresses = Iterable[tuple[int, str]]


def _applicant(case: Case, key: str) -> Addresses:
    mandates = Membership.objects.in_force().filter(organisation=case.applicant_id)
    return mandates.values_list("user", "user__email")


def _organisation(case: Case, key: str) -> Addresses:
    mandates = Membership.objects.in_force().filter(organisation=int(key))
    return mandates.values_list("user", "user__email")


def _group(case: Case, key: str) -> Addresses:
    role, _, scope = key.partition(":")
    offices = Appointment.objects.in_force().filter(role=role, scope__in=["", scope])
    return offices.values_list("user", "user__email")


def _panel(case: Case, key: str) -> Addresses:
    seats = Seat.objects.filter(case=case, round=case.evaluation_round, void=None, locked=None)
    return seats.values_list("expert", "expert__email")


def _meeting(case: Case, key: str) -> Addresses:
    return MeetingMember.objects.filter(meeting=int(key)).values_list("user", "user__email")


def _user(case: Case, key: str) -> Addresses:
    return User.objects.filter(pk=key).values_list("pk", "email")


AUDIENCES: Mapping[str, Callable[[Case, str], Addresses]] = {
    "applicant": _applicant,
    "organisation": _organisation,
    "group": _group,
    "panel": _panel,
    "meeting": _meeting,
    "user": _user,
}
