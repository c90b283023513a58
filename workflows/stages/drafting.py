"""Drafting: an application before it is filed, thrown away without a trace at the office."""

from typing import Any

from django.db import IntegrityError, transaction

from workflows import audit, clock
from workflows.edition import Edition
from workflows.errors import AlreadySubmitted, CaseBusy, OpenCaseExists, StaleForm
from workflows.models import Case, Organisation, Round, User
from workflows.models.case import State
from workflows.stages import numbers, partners, rounds
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, lawfully, verb


@verb
def draft(round_: Round, *, procedure: str, organisation: Organisation, by: User) -> Case:
    """Open a draft for ``organisation``, pre-filled from its profile.

    Raises ``OpenCaseExists`` when one of the same procedure is open already (X1); where an
    applicant may have one of each subject, drafts are free and the filing tells. Raises
    ``RoundClosed`` once the round is over.
    """
    rules = round_.edition.shape
    acts_for(by, Case(applicant=organisation))
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
        draft={**_known(rules, organisation), **_preset(rules, procedure)},
        created=clock.now(),
        created_by=by,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as twice:
        if (other := existing.first()) is None:
            raise CaseBusy from twice
        raise OpenCaseExists(reference=other.reference) from twice
    with lawfully(case) as locked:
        audit.record(locked, "drafted", by=by, procedure=procedure)
    return locked


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


@verb
def save(case: Case, *, answers: dict[str, Any], revision: int, by: User) -> Case:
    """Keep the draft's answers, right or wrong, at any point.

    Raises ``StaleForm`` when somebody else saved after ``revision``. While a case is returned
    for correction the same form is open again.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state not in (State.DRAFT, State.RETURNED):
            raise AlreadySubmitted
        if locked.draft_revision != revision:
            raise StaleForm
        locked.draft = answers
        locked.draft_revision += 1
        partners.sync(locked, answers)
        audit.record(
            locked, "draft_saved", by=by, revision=locked.draft_revision, digest=digest(answers)
        )
    return locked


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
