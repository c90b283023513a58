"""What the office knows about an organisation: titles, open cases, history from before."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows import audit, calendar, clock
from workflows.errors import ReasonMissing, StageClosed, TermFixed, TermOutOfReach
from workflows.models import Case, Certificate, Organisation, User
from workflows.stages.law import entitled, lawfully, verb

Facts = Mapping[str, Any]
STANDING = (Certificate.State.ACTIVE, Certificate.State.WARNING)


def record_of(
    organisation: Organisation,
    programme_key: str,
    procedure_key: str,
    *,
    besides: Case | None = None,
) -> dict[str, Any]:
    """Facts the rules of an edition may ask for (``record.*`` in its expressions)."""
    held = Q(holder=organisation, valid_from__lte=clock.today())
    asked = Certificate.objects.filter(held | _barring(), programme_key=programme_key)
    read = list(asked.select_related("holder").order_by("valid_from"))
    known = [each for each in read if _held(each, organisation)]
    entries = [each for each in known if each.kind == "pool_entry"]
    pool = entries[-1] if entries else None
    open_cases = Case.objects.open().filter(
        applicant=organisation, programme_key=programme_key, procedure_key=procedure_key
    )
    if besides is not None:
        open_cases = open_cases.exclude(pk=besides.pk)
    standing = [each for each in known if each.state == Certificate.State.ACTIVE]
    return {
        "pool_no": pool.number if pool else "",
        "pool_active": pool in standing,
        "pool_entered_on": pool.valid_from.isoformat() if pool else "",
        "banned_until": _ban(known),
        "banned_units": sorted({each.holder.uscc for each in read if _bars(each)}),
        "open_case": open_cases.values_list("reference", flat=True).first() or "",
        "certified": any(each.kind == "certificate" for each in standing),
        "titles": [_title(each) for each in standing if not _over(each)],
        "reports_published": sorted({year for each in known for year in _reports(each.facts)}),
        "state_owned": organisation.state_owned,
    }


def _held(title: Certificate, organisation: Organisation) -> bool:
    """Whether ``title`` is a title of ``organisation`` that has begun."""
    return title.holder_id == organisation.pk and title.valid_from <= clock.today()


def _barring() -> Q:
    """Revoked titles whose former holder is barred today."""
    today = clock.today().isoformat()
    return Q(state=Certificate.State.REVOKED, facts__banned_until__gte=today)


def _bars(title: Certificate) -> bool:
    """Whether the former holder of ``title`` is barred today; as ``_barring`` asks."""
    revoked = title.state == Certificate.State.REVOKED
    return revoked and title.facts.get("banned_until", "") >= clock.today().isoformat()


def _title(held: Certificate) -> dict[str, Any]:
    """A title as rules see it; `answers` are those the register keeps with it."""
    return {
        "number": held.number,
        "kind": held.kind,
        "since": held.valid_from.isoformat(),
        "grade": held.facts.get("grade", ""),
        "answers": held.facts.get("answers", {}),
    }


def _over(held: Certificate) -> bool:
    return held.valid_to is not None and held.valid_to < clock.today()


def _ban(known: Iterable[Certificate]) -> str:
    """The last day of the ban after a revocation, kept with the revoked title."""
    bans = (
        each.facts.get("banned_until", "")
        for each in known
        if each.state == Certificate.State.REVOKED
    )
    return max(bans, default="")


def barred_units(programme_key: str) -> list[str]:
    """The credit codes of everybody who is barred from the programme today."""
    revoked = Certificate.objects.filter(_barring(), programme_key=programme_key)
    return sorted(set(revoked.values_list("holder__uscc", flat=True)))


def _reports(facts: Facts) -> list[int]:
    """The years whose reports the office holds, kept with the title they are owed for."""
    return list(facts.get("reports", []))


@transaction.atomic
def note_report(title: Certificate, *, year: int, by: User) -> Certificate:
    """The office holds the annual report that the holder published about ``year``; once a year.

    Raises ``ValidationError`` for a year before the title, or one that is not over.
    """
    entitled(by, "case_officer")
    if not title.valid_from.year <= year < clock.today().year:
        raise ValidationError({"year": _("A report is about a past year of the title.")})
    held = Certificate.objects.select_for_update().get(pk=title.pk)
    if year not in _reports(held.facts):
        held.facts = {**held.facts, "reports": sorted([*_reports(held.facts), year])}
        held.save(update_fields=["facts"])
        audit.record_system("register", "report_noted", by=by, number=held.number, year=year)
    return held


@transaction.atomic
def import_title(
    organisation: Organisation,
    *,
    programme_key: str,
    kind: str,
    title: str,
    number: str,
    granted: date,
    by: User,
    facts: Facts | None = None,
) -> Certificate:
    """Enter a title granted before this system into the register, once per number.

    ``facts`` are kept with it: the last yearly ``grade``, the ``answers`` the register shows.
    """
    entitled(by, "case_officer")
    found, new = Certificate.objects.get_or_create(
        number=number,
        defaults={
            "holder": organisation,
            "holder_name": organisation.name,
            "programme_key": programme_key,
            "kind": kind,
            "title": title,
            "valid_from": granted,
            "registered": clock.now(),
            "facts": {"imported": True, **(facts or {})},
        },
    )
    if new:
        audit.record_system(
            "register",
            "title_imported",
            by=by,
            number=number,
            holder=organisation.uscc,
            granted=granted.isoformat(),
        )
    return found


@verb
def extend_term(title: Certificate, *, valid_to: date, proof: str, by: User) -> Certificate:
    """A title that was cut to another registration runs on, since that was renewed (X48).

    ``proof`` names the renewed registration. The title never runs longer than it would have run
    without the cut: raises ``TermOutOfReach`` beyond that, ``TermFixed`` for a title that was
    not cut to anything, ``StageClosed`` for one that does not stand today.
    """
    if not proof.strip():
        raise ReasonMissing
    if title.case is None:
        raise TermFixed
    with lawfully(title.case) as locked:
        entitled(by, "case_officer")
        held = Certificate.objects.select_for_update(of=("self",)).get(pk=title.pk)
        former = _extendable(held, locked, valid_to)
        held.valid_to = valid_to
        known = held.facts.get("extended", [])
        step = {"from": former.isoformat(), "to": valid_to.isoformat(), "proof": proof}
        held.facts = {**held.facts, "extended": [*known, step]}
        held.save(update_fields=["valid_to", "facts"])
        audit.record(
            locked,
            "term_extended",
            by=by,
            number=held.number,
            former=former.isoformat(),
            valid_to=valid_to.isoformat(),
            reason=proof,
        )
    return held


def _extendable(held: Certificate, locked: Case, valid_to: date) -> date:
    """The last day so far of a title that may run until ``valid_to``; raises as ``extend_term``."""
    grant = locked.procedure.grant
    if held.valid_to is None or not grant.term_years or not grant.term_ends_with:
        raise TermFixed
    if held.state not in STANDING or _over(held):
        raise StageClosed
    last = calendar.last_day_of_term(held.valid_from, grant.term_years)
    if not held.valid_to < valid_to <= last:
        raise TermOutOfReach(ends=held.valid_to.isoformat(), last=last.isoformat())
    return held.valid_to
