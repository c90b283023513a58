"""Drafting: an application before it is filed, thrown away without a trace at the office."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from forms import merging
from forms.merging import Merged
from forms.schema import Section
from workflows import audit, clock
from workflows.edition import Edition
from workflows.errors import AlreadySubmitted, CaseBusy, FormSentBefore, OpenCaseExists, StaleForm
from workflows.models import Case, Event, Organisation, Round, User
from workflows.models.case import State
from workflows.stages import numbers, partners, presence, reopening, rounds
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, lawfully, verb

FRESH = timedelta(minutes=10)  # so long one entry of the trail stands for saving that goes on


@verb
def draft(
    round_: Round,
    *,
    procedure: str,
    organisation: Organisation,
    by: User,
    key: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Case:
    """Open a draft for ``organisation``, pre-filled from its profile and from ``answers``.

    The same ``key`` of the same person gives the same draft, however often the form arrives; with
    other contents it raises ``FormSentBefore``. Raises ``OpenCaseExists`` when one of the same
    procedure is open already (X1); where an applicant may have one of each subject, drafts are
    free and the filing tells. Raises ``RoundClosed`` once the round is over.
    """
    rules = round_.edition.shape
    acts_for(by, Case(applicant=organisation))
    if sent := _sent_before(key, round_, procedure, organisation, by):
        return sent
    if clock.now() > round_.closes:
        raise rounds.closed(round_)
    one_per = rules.procedures[procedure].one_per
    existing = Case.objects.open().filter(
        applicant=organisation, programme_key=round_.programme, procedure_key=procedure
    )
    if one_per is None and (found := existing.first()):
        raise OpenCaseExists(reference=found.reference)
    reference = _reference(round_)
    case = Case(
        reference=reference,
        subject="" if one_per is None else reference,
        programme_key=round_.programme,
        procedure_key=procedure,
        round=round_,
        edition=round_.edition,
        applicant=organisation,
        district=organisation.district,
        draft={**(answers or {}), **_known(rules, organisation), **_preset(rules, procedure)},
        created=clock.now(),
        created_by=by,
        begun_with=key,
    )
    _insert(case, existing)
    with lawfully(case) as locked:
        audit.record(locked, "drafted", by=by, procedure=procedure)
    return locked


def _insert(case: Case, existing: QuerySet[Case]) -> None:
    """Let the database refuse a second open case of a kind, whoever comes at the same moment."""
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as twice:
        if (other := existing.first()) is None:
            raise CaseBusy from twice
        raise OpenCaseExists(reference=other.reference) from twice


def _sent_before(
    key: str, round_: Round, procedure: str, organisation: Organisation, by: User
) -> Case | None:
    """The draft this very form began already; those who press twice wait here for each other."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    found = Case.objects.filter(created_by=by, begun_with=key).first() if key else None
    same = (round_.pk, procedure, organisation.pk)
    if found and same != (found.round_id, found.procedure_key, found.applicant_id):
        raise FormSentBefore
    return found


def _known(rules: Edition, organisation: Organisation) -> dict[str, Any]:
    """What the profile answers already; a consent or promise is given anew on each application."""
    promises = {field.code for field in rules.form.fields() if field.must_be is not None}
    return {code: value for code, value in organisation.profile.items() if code not in promises}


def _preset(rules: Edition, procedure: str) -> dict[str, str]:
    return {"stage": procedure} if "stage" in rules.form.names() else {}


def _reference(round_: Round) -> str:
    year = clock.today().year
    (series,) = numbers.advance(f"case:{year}")
    return f"CJRH-{year}-{series.last:04d}"


# --- writing answers ------------------------------------------------------------------------------
@verb
def save(case: Case, *, answers: dict[str, Any], revision: int, by: User) -> Case:
    """Put ``answers``, right or wrong, in the place of the whole draft.

    Raises ``StaleForm`` when somebody else saved after ``revision``, and what
    ``reopening.lawful`` raises.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        kept = reopening.lawful(locked, answers)
        if locked.draft_revision != revision:
            raise StaleForm
        _write(locked, kept, by=by)
        partners.sync(locked, kept)
    return locked


@verb
def keep(
    case: Case,
    *,
    section: Section,
    typed: Mapping[str, Any],
    seen: Mapping[str, str],
    by: User,
    quietly: bool = False,
) -> tuple[Case, Merged]:
    """Keep what was typed into one section, right or wrong; nobody else's answer is lost by it.

    ``seen`` marks what ``by`` had before them, so that what others saved since is put together
    with it question by question; of what both changed the draft keeps theirs, and ``by`` is told.
    ``quietly`` is for a page that saves by itself every few seconds: it writes no entry of the
    trail while ``by``'s last one is the newest and fresh. Raises ``SectionTaken``, and what
    ``reopening.lawful`` raises.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        presence.keep_out(locked, section.code, by)
        mine, theirs = (merging.settled(section, each) for each in (typed, locked.draft))
        merged = merging.merge(mine, theirs, seen)
        answers = reopening.lawful(locked, merged.over(locked.draft))
        if not quietly or answers != locked.draft:
            _write(locked, answers, told=quietly and _told_lately(locked, by), by=by)
        if not quietly:  # a name half typed enters no unit
            partners.sync(locked, answers)
    return locked, merged


def _write(locked: Case, answers: dict[str, Any], *, by: User, told: bool = False) -> None:
    """The one place where answers of a draft change."""
    locked.draft, locked.draft_saved = answers, clock.now()
    locked.draft_revision += 1
    if not told:
        audit.record(
            locked, "draft_saved", by=by, revision=locked.draft_revision, digest=digest(answers)
        )


def _told_lately(locked: Case, by: User) -> bool:
    """Whether the newest entry of the trail says already that ``by`` is saving."""
    newest = Event.objects.get(case=locked, seq=locked.version)
    fresh = clock.now() - newest.at < FRESH
    return fresh and newest.kind == "draft_saved" and newest.actor_id == by.pk


@verb
def discard(case: Case, *, by: User) -> None:
    """Throw a draft away; nothing was filed, so nothing is told to anyone."""
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state != State.DRAFT:
            raise AlreadySubmitted
        locked.withdraw()
        locked.outcome, locked.decided = "withdrawn", clock.now()
        audit.record(locked, "discarded", by=by)
