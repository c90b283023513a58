"""One section of a draft has one writer at a time, and a way to take over from them.

Whoever opens a section shows signs of life while it is open. A colleague finds it taken until the
writer leaves it, hands it over, is silent for two minutes, or lets a request wait for one. Who sat
where is nobody's business afterwards: the trail tells what was saved, not who looked on.
"""

from typing import Any

from django.db.models import QuerySet

from workflows import clock
from workflows.errors import SectionTaken
from workflows.models import Case, Presence, User
from workflows.stages.law import acts_for, verb


def elsewhere(case: Case, user: User) -> dict[str, Presence]:
    """The sections that others are filling in now, by code; what gives way to ``user`` is free."""
    now = clock.now()
    rows = Presence.objects.filter(case=case).exclude(user=user).select_related("user", "asked_by")
    return {row.section: row for row in rows if not row.gives_way_to(user, now)}


def keep_out(case: Case, section: str, by: User) -> None:
    """Raise ``SectionTaken`` while somebody else is writing here; part of another verb."""
    place = _place(case, section).first()
    if place is not None:
        _yields(place, by)


@verb
def hold(case: Case, *, section: str, by: User) -> Presence:
    """``by`` is writing here and shows a sign of life. Raises ``SectionTaken``."""
    acts_for(by, case)
    now = clock.now()
    place, new = _place(case, section).get_or_create(
        case=case, section=section, defaults={"user": by, "opened": now, "seen": now}
    )
    if not new:
        _yields(place, by)
        if place.user_id != by.pk:
            _write(place, user=by, opened=now, asked_by=None, asked=None)
        _write(place, seen=now)
    return place


@verb
def leave(case: Case, *, section: str, by: User) -> None:
    """``by`` has closed the section; anybody may write here now."""
    Presence.objects.filter(case=case, section=section, user=by).delete()


@verb
def ask(case: Case, *, section: str, by: User) -> None:
    """``by`` asks to take over; the first request stands until it is answered or lapses."""
    acts_for(by, case)
    place, now = _place(case, section).first(), clock.now()
    if place and not place.gives_way_to(by, now) and place.asker(now) is None:
        _write(place, asked_by=by, asked=now)


@verb
def answer(case: Case, *, section: str, grant: bool, by: User) -> None:
    """The writer hands the section over, or goes on writing."""
    place, now = _place(case, section).filter(user=by).first(), clock.now()
    asker = place.asker(now) if place else None
    if place is None or asker is None:
        return
    if grant:
        _write(place, user=asker, opened=now, seen=now)
    _write(place, asked_by=None, asked=None)


def _place(case: Case, section: str) -> "QuerySet[Presence]":
    return (
        Presence.objects.select_for_update(of=("self",))
        .select_related("user", "asked_by")
        .filter(case=case, section=section)
    )


def _yields(place: Presence, by: User) -> None:
    if not place.gives_way_to(by, clock.now()):
        raise SectionTaken(name=str(place.user))


def _write(place: Presence, **facts: Any) -> None:
    for name, value in facts.items():
        setattr(place, name, value)
    place.save(update_fields=list(facts))
