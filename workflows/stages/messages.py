"""Telling people: one message to each person concerned, once per event and channel.

``audience`` names who is concerned: ``applicant`` (everyone who acts for it),
``organisation:<key>`` (everyone who acts for that one), ``group:<name>`` (an inbox group),
``panel`` (the experts seated), ``meeting:<key>``, ``user:<key>`` or ``handler:<key>:<group>``
(who asked, or their group once they hold no office any more).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

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
from workflows.notifications.sentence import Words
from workflows.notifications.topics import Pace
from workflows.stages import contacts, daily, preferences

INSIDE = "app"  # the channel that is the message row itself


def tell(
    case: Case, kind: str, *, event: Event, audience: str = "applicant", **facts: object
) -> None:
    """Let every person of ``audience`` have the message ``kind``; the people are found by a job.

    A repeated call changes nothing. ``facts`` must fill every place of the sentence
    (``ValueError``) and hold JSON values.
    """
    remind(kind, origin=str(event.pk), case=case, audience=audience, **facts)


def remind(
    kind: str,
    *,
    origin: str,
    case: Case | None = None,
    audience: str = "applicant",
    **facts: object,
) -> None:
    """Tell what no event caused; ``origin`` says what did, and is the same for the same reason.

    As with ``tell`` nobody hears twice of one origin.
    """
    if case is not None:
        facts = {"reference": case.reference, **facts}
    if missing := sentences.SENTENCES[kind].places - facts.keys():
        raise ValueError(f"a message “{kind}” needs {sorted(missing)}")
    jobs.enqueue(
        "tell",
        case=case,
        key=f"tell:{origin}:{kind}:{audience}",
        payload={"kind": kind, "event": origin, "audience": audience, "facts": facts},
    )


@jobs.handler("tell")
def told(job: Job, made: None) -> None:
    """Write the message to each person concerned, and ask for letters to them.

    Event, recipient and channel make the key: nobody has a message twice. Whoever has no address
    reads it in the house only; so does, of what the law does not ask for, who chose that.
    """
    name, _, key = job.payload["audience"].partition(":")
    people = list(User.objects.filter(pk__in=AUDIENCES[name](job.case, key)).order_by("pk"))
    ways = [(name, channels.channel(name)) for name in channels.names()]
    paces = preferences.paces(job.payload["kind"], people, ways)
    morning = daily.next_letter(clock.now())
    waiting = {person: morning for (person, _), pace in paces.items() if pace == Pace.DAILY}
    _inside(job, people, waiting)
    with jobs.gathered():
        for (person, way), pace in paces.items():
            if pace == Pace.AT_ONCE:
                _at_once(job, person, way)
            elif pace == Pace.DAILY:
                daily.ask_for(person, way, morning)


def _inside(job: Job, people: Iterable[User], mornings: Mapping[int, datetime]) -> None:
    """Write the rows everybody reads in the house, whatever else they chose."""
    told = job.payload
    Message.objects.bulk_create(
        (
            Message(
                recipient=person,
                case=job.case,
                kind=told["kind"],
                facts=told["facts"],
                key=f"{told['event']}:{person.pk}:{INSIDE}",
                sent=clock.now(),
                letter=mornings.get(person.pk),
            )
            for person in people
        ),
        ignore_conflicts=True,
    )


def _at_once(job: Job, person: int, way: str) -> None:
    told = {name: job.payload[name] for name in ("kind", "facts", "event")}
    jobs.enqueue(
        "message",
        key=daily.at_once(told["event"], person, way),
        payload={"channel": way, "recipient": person, **told},
    )


# --- ways out -----------------------------------------------------------------------------------
def deliver(job: Job) -> None:
    """Send one message out, in its recipient's language; the job's key tells repetitions apart."""
    told = job.payload
    person = User.objects.get(pk=told["recipient"])
    if not person.is_active:
        return
    with translation.override(person.language):
        words = _words(told)
    way = channels.channel(told["channel"])
    way.send(preferences.recipient(person), words, job.dedupe_key)


def _words(told: Mapping[str, Any]) -> Words:
    """The message, and below it where the contact it tells of may be rated."""
    words = sentences.words(told["kind"], told["facts"])
    event = str(told.get("event", ""))
    if told["kind"] not in contacts.MESSAGES or not event.isdecimal():
        return words
    asked = gettext("How was this contact? Rate it, if you like:")
    return replace(words, note=f"{asked}\n{contacts.link(int(event))}")


@jobs.handler("message", work=deliver)
def delivered(job: Job, made: None) -> None:
    """The finished job is the proof of sending; nothing else is written."""


# --- reading ------------------------------------------------------------------------------------
def mark_read(user: User, keys: Iterable[int]) -> int:
    """Note that ``user`` has read those of their messages; say how many were new."""
    unread = Message.objects.filter(recipient=user, pk__in=keys, read=None)
    return unread.update(read=clock.now())


# --- who is concerned -----------------------------------------------------------------------------
People = QuerySet[Any, Any]  # their keys


def _applicant(case: Case | None, key: str) -> People:
    assert case is not None, "an applicant is told of a case"
    return _organisation(case, str(case.applicant_id))


def _organisation(case: Case | None, key: str) -> People:
    """Whoever the window has not confirmed hears nothing of what others apply for."""
    held = Membership.objects.in_force().filter(organisation=int(key))
    if case is not None and case.applicant_id != int(key):
        held = held.filter(provisional=False)
    return held.values("user")


def _group(case: Case | None, key: str) -> People:
    role, _, scope = key.partition(":")
    offices = Appointment.objects.in_force().filter(role=role, scope__in=["", scope])
    return offices.values("user")


def _panel(case: Case | None, key: str) -> People:
    assert case is not None, "a panel sits on a case"
    seats = Seat.objects.filter(case=case, round=case.evaluation_round, void=None, locked=None)
    return seats.values("expert")


def _meeting(case: Case | None, key: str) -> People:
    return MeetingMember.objects.filter(meeting=int(key)).values("user")


def _user(case: Case | None, key: str) -> People:
    return User.objects.filter(pk=key).values("pk")


def _handler(case: Case | None, key: str) -> People:
    person, _, group = key.partition(":")
    if Appointment.objects.in_force().filter(user=int(person)).exists():
        return _user(case, person)
    return _group(case, group)


AUDIENCES: Mapping[str, Callable[[Case | None, str], People]] = {
    "applicant": _applicant,
    "organisation": _organisation,
    "group": _group,
    "panel": _panel,
    "meeting": _meeting,
    "user": _user,
    "handler": _handler,
}
