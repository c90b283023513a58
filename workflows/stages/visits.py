"""On-site checks (行政许可法 34): ordered once the sheets are in, signed by two people."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from forms import gate
from workflows import audit, clock
from workflows.errors import (
    FileRefused,
    NotEntitled,
    PhotoMissing,
    ReasonMissing,
    SecondVisitor,
    StageClosed,
    VisitDay,
)
from workflows.models import Appointment, Case, SiteVisit, Task, User
from workflows.models.case import State
from workflows.stages import deadlines, intake, messages
from workflows.stages.law import ASSIGNED, lawfully, release, separate, verb
from workflows.stages.sampling import Need

PICTURES = ("jpg", "png")
MOST_PHOTOS = 30
EVERYWHERE = ("case_officer",)  # who may visit a place wherever it lies


# --- ordered ------------------------------------------------------------------------------------
def order(locked: Case, need: Need) -> SiteVisit:
    """Order the visit; the evaluation stays open until two people have signed its record."""
    visit = SiteVisit.objects.create(
        case=locked, round=locked.evaluation_round, ground=need.ground, ordered=clock.now()
    )
    planned = deadlines.due(locked, "visit").day.isoformat()
    event = audit.record(
        locked,
        "visit_ordered",
        by=None,
        ground=need.ground,
        lot=need.lot.get("lot"),
        files=need.lot.get("files"),
        drawn=need.lot.get("drawn"),
        planned=planned,
    )
    messages.tell(locked, "visit_ordered", event=event, planned=planned)
    return visit


def visit_of(case: Case) -> SiteVisit | None:
    """The visit of the present round; None where none was ordered."""
    visits: QuerySet[SiteVisit] = SiteVisit.objects.filter(case=case, round=case.evaluation_round)
    return visits.select_related("first", "second").first()


def sheets_are_in(case: Case) -> bool:
    """Whether the panel has reported: the case went on, or its place is still to be visited."""
    if case.state != State.EVALUATING:
        return True
    visit = visit_of(case)
    return visit is not None and visit.second_signed is None


# --- who ----------------------------------------------------------------------------------------
def visitors(case: Case) -> QuerySet[Appointment]:
    """The offices whose holders may visit: the city's officers, the district's, the agency's."""
    places = Q(role__in=EVERYWHERE) | Q(role="district_reviewer", scope__in=["", case.district])
    if case.agency_id:
        places |= Q(role="agency_manager", organisation=case.agency_id)
    found: QuerySet[Appointment] = Appointment.objects.in_force().filter(
        places, user__is_active=True
    )
    return found.select_related("user", "organisation").order_by("user")


def _permit(locked: Case, by: User) -> None:
    if not visitors(locked).filter(user=by).exists():
        raise NotEntitled
    separate(locked, "evaluate", by)


# --- photos -------------------------------------------------------------------------------------
def add_photo(case: Case, *, name: str, data: bytes, by: User) -> None:
    """Put a photo to the record; it must pass the gate as a picture (``FileRefused``).

    Raises ``StoreFull`` when there is no room for it. Nobody opens it before the scanner, where
    there is one, has seen it.
    """
    if gate.KINDS.get(PurePosixPath(name).suffix.lower(), "jpg") not in PICTURES:
        raise FileRefused(reason=gettext("A photo is a JPG or PNG file."))
    _add_photo(case, intake.take_in_paper(name, data), by)


@verb
def _add_photo(case: Case, photo: intake.Incoming, by: User) -> None:
    with lawfully(case) as locked:
        visit = _unrecorded(locked, by)
        if photo.sha256 in _digests(visit.photos):
            return
        if len(visit.photos) >= MOST_PHOTOS:
            words = gettext("A record holds at most %(most)s photos.")
            raise FileRefused(reason=words % {"most": MOST_PHOTOS})
        visit.photos = [
            *visit.photos,
            {"name": photo.name, "kind": photo.kind, "sha256": photo.sha256},
        ]
        visit.save(update_fields=["photos"])
        audit.record(locked, "visit_photo_added", by=by, name=photo.name, sha256=photo.sha256)


@verb
def remove_photo(case: Case, *, sha256: str, by: User) -> None:
    """Take a photo out of a record that nobody has signed yet."""
    with lawfully(case) as locked:
        visit = _unrecorded(locked, by)
        if sha256 not in _digests(visit.photos):
            raise StageClosed
        visit.photos = [photo for photo in visit.photos if photo["sha256"] != sha256]
        visit.save(update_fields=["photos"])
        audit.record(locked, "visit_photo_removed", by=by, sha256=sha256)


def _digests(photos: Sequence[Mapping[str, str]]) -> Collection[str]:
    return {photo["sha256"] for photo in photos}


def _unrecorded(locked: Case, by: User) -> SiteVisit:
    """The visit that still has to be recorded, by somebody who may visit."""
    _permit(locked, by)
    visit = visit_of(locked)
    if visit is None or locked.state != State.EVALUATING or visit.first_signed is not None:
        raise StageClosed
    return visit


# --- the record ---------------------------------------------------------------------------------
@verb
def record_visit(
    case: Case,
    *,
    visited_on: date,
    place: str,
    note: str,
    result: str,
    differences: Sequence[str],
    second: User,
    by: User,
) -> SiteVisit:
    """The first of two visitors writes down and signs what they found; the ``second`` is asked.

    ``result`` is ``confirmed`` or ``differences``, which are then listed. Raises ``PhotoMissing``
    without a note or a photo, ``ReasonMissing`` without the differences, ``VisitDay`` for a day
    before the order or after today, ``SecondVisitor`` for somebody who may not be the second.
    """
    with lawfully(case) as locked:
        visit = _unrecorded(locked, by)
        listed = [line.strip() for line in differences if line.strip()]
        _complete(visit, visited_on, place, note)
        if (result == SiteVisit.Result.DIFFERENCES) != bool(listed):
            raise ReasonMissing
        _fit_for_second(locked, second, by)
        visit.visited_on, visit.place, visit.note = visited_on, place.strip(), note.strip()
        visit.result, visit.differences = result, listed
        visit.first, visit.first_signed, visit.second = by, clock.now(), second
        visit.save()
        event = audit.record(
            locked,
            "visit_recorded",
            by=by,
            duty="evaluate",
            **_facts(visit),
            second=second.username,
        )
        _hand_to(locked, second)
    messages.tell(locked, "visit_to_sign", event=event, audience=f"user:{second.pk}")
    return visit


def _complete(visit: SiteVisit, visited_on: date, place: str, note: str) -> None:
    first = clock.local(visit.ordered).date()
    if not first <= visited_on <= clock.today():
        raise VisitDay(first=first.isoformat(), last=clock.today().isoformat())
    if not (place.strip() and note.strip() and visit.photos):
        raise PhotoMissing


def _fit_for_second(locked: Case, second: User, first: User) -> None:
    if second.pk == first.pk or not visitors(locked).filter(user=second).exists():
        raise SecondVisitor(name=second.name)
    separate(locked, "evaluate", second)


def _facts(visit: SiteVisit) -> dict[str, object]:
    """What is signed, as the trail keeps it."""
    return {
        "visited_on": str(visit.visited_on),
        "place": visit.place,
        "note": visit.note,
        "result": visit.result,
        "differences": visit.differences,
        "photos": [photo["sha256"] for photo in visit.photos],
    }


def _hand_to(locked: Case, person: User) -> None:
    """Put the open task into the inbox of whoever has to sign next."""
    Task.objects.filter(case=locked, node="visit", finished=None).update(
        owner=person, status=ASSIGNED
    )


@verb
def sign_visit(case: Case, *, by: User) -> SiteVisit:
    """The second visitor signs the same record; the evaluation closes."""
    with lawfully(case) as locked:
        visit = _waiting(locked)
        if visit.second_id != by.pk:
            raise NotEntitled
        _permit(locked, by)
        visit.second_signed = clock.now()
        visit.save(update_fields=["second_signed"])
        locked.close_evaluation()
        deadlines.unpause(locked)
        audit.record(locked, "visit_signed", by=by, duty="evaluate", **_facts(visit))
    release(locked, "visit", by=by)
    return visit


@verb
def reopen_visit(case: Case, *, reason: str, by: User) -> SiteVisit:
    """The record is taken back before both have signed, and written anew.

    Raises ``ReasonMissing`` without the reason, ``NotEntitled`` unless ``may_reopen``.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        visit = _waiting(locked)
        if not may_reopen(visit, by):
            raise NotEntitled
        assert visit.first is not None, "a record that waits was signed by somebody"
        visit.first_signed = None
        visit.save(update_fields=["first_signed"])
        event = audit.record(locked, "visit_reopened", by=by, reason=reason)
        _hand_to(locked, visit.first if by.pk in (visit.first_id, visit.second_id) else by)
    messages.tell(locked, "visit_reopened", event=event, audience=f"user:{visit.first_id}")
    return visit


def may_reopen(visit: SiteVisit, by: User) -> bool:
    """Whether ``by`` may take the record back: one of the two.

    Once the second visits no more anybody may who does, or the case would wait for ever (X13).
    """
    if by.pk in (visit.first_id, visit.second_id):
        return True
    visiting = set(visitors(visit.case).values_list("user", flat=True))
    return by.pk in visiting and visit.second_id not in visiting


def _waiting(locked: Case) -> SiteVisit:
    """The visit that one of two has signed."""
    visit = visit_of(locked)
    if visit is None or visit.first_signed is None or visit.second_signed is not None:
        raise StageClosed
    return visit
