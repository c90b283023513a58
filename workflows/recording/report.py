"""What came out of a recorded application, beside what was expected."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from workflows import clock, store
from workflows.assessment import assess
from workflows.errors import CaseError, NotEligible
from workflows.models import Award, Case, Document, Event
from workflows.recording.driver import Drive
from workflows.recording.reader import Application
from workflows.stages import deadlines, register


@dataclass(frozen=True)
class Result:
    """One application's end: facts as data, papers, and whether they are as expected.

    ``refusal`` says why it could not be filed, ``problem`` why nobody could carry it on.
    """

    id: str
    case: str
    state: str
    expected: dict[str, Any]
    actual: dict[str, Any]
    pdfs: list[str]
    code: str
    refusal: str = ""
    problem: str = ""
    missed: Sequence[str] = ()  # entries of the timeline that never came about

    @property
    def agrees(self) -> bool:
        """Whether every expected fact came out."""
        as_told = (same(value, self.actual.get(key)) for key, value in self.expected.items())
        return not self.problem and all(as_told)

    def as_data(self) -> dict[str, Any]:
        """The shape of ``summary.json``."""
        data = {
            "id": self.id,
            "case": self.case,
            "state": self.state,
            "expected": self.expected,
            "actual": self.actual,
            "pdfs": self.pdfs,
            "code": self.code,
        }
        told = {"refusal": self.refusal, "problem": self.problem, "missed": self.missed}
        return data | {key: value for key, value in told.items() if value}


def same(expected: Any, actual: Any) -> bool:
    """Equal as facts: 64.0 and "64.00" are one amount, in lists and tables too.

    Of a row only the columns expected are compared.
    """
    if isinstance(expected, bool) or isinstance(actual, bool) or None in (expected, actual):
        return expected is actual
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(same, expected, actual))
    if isinstance(expected, dict) and isinstance(actual, dict):
        return all(same(value, actual.get(key)) for key, value in expected.items())
    try:
        return Decimal(str(expected)) == Decimal(str(actual))
    except InvalidOperation:
        return bool(expected == actual)


def result(drive: Drive) -> Result:
    """Gather what became of a driven application."""
    wanted = drive.application.expected
    actual: dict[str, Any] = dict.fromkeys(wanted)
    issued: list[Document] = []
    if drive.begun:
        drive.read()
        issued = papers(drive.case)
        actual |= {**_facts(drive, drive.case), **_told(drive.case)}
    if drive.refusal is not None:
        actual |= _refused(drive.refusal)
    return Result(
        id=drive.application.id,
        case=drive.case.reference if drive.begun else "",
        state=str(drive.case.state) if drive.begun else "",
        expected=wanted,
        actual=actual,
        pdfs=[str(laid_out(drive.case, number, paper)) for number, paper in enumerate(issued, 1)],
        code=_code(issued),
        refusal=_sentence(drive.refusal),
        problem=drive.problem,
        missed=[f"{entry.event} {entry.day}" for entry in drive.ahead],
    )


def unreadable(application: Application, why: str) -> Result:
    """The result of an application that could not even be begun."""
    actual = dict.fromkeys(application.expected)
    return Result(application.id, "", "", application.expected, actual, [], "", problem=why)


def _refused(refusal: CaseError) -> dict[str, Any]:
    """An application that could not be filed: a rule stands in the way, or something else."""
    ineligible = isinstance(refusal, NotEligible)
    return {"decision": "ineligible" if ineligible else None, "refusal": type(refusal).__name__}


def papers(case: Case) -> list[Document]:
    """The issued papers of ``case``, oldest first."""
    issued = Document.objects.filter(case=case, state=Document.State.ISSUED)
    return list(issued.order_by("pk"))


def laid_out(case: Case, number: int, paper: Document) -> Path:
    """A copy of the signed paper under a readable name, for people who look into the folder."""
    folder = settings.HENG_VAR / "papers" / case.reference
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{number:02d}-{paper.kind}.pdf"
    path.write_bytes(store.store().get(paper.sha256))
    return path


def _facts(drive: Drive, case: Case) -> dict[str, Any]:
    """What the edition says of the last answers, in the programme's own words."""
    filed = case.latest
    moment = case.submitted or drive.moment
    with clock.at(moment):
        record = register.record_of(
            case.applicant, case.programme_key, case.procedure_key, besides=case
        )
        found = assess(
            case.rules,
            case.procedure_key,
            filed.answers if filed else case.draft,
            _before_this_case(record, case),
            clock.today(),
        )
    return case.programme.results(
        conditions=found.conditions,
        blocks=[rule.code for rule in found.blocks],
        answers=found.bound.answers,
        derived=found.bound.derived,
        rule=case.rules.rule,
    )


def _before_this_case(record: dict[str, Any], case: Case) -> dict[str, Any]:
    """The record without the title this very case has given."""
    kinds = set(case.titles.values_list("kind", flat=True))
    own = {"certified": False} if "certificate" in kinds else {}
    return record | own | ({"pool_active": False} if "pool_entry" in kinds else {})


def _told(case: Case) -> dict[str, Any]:
    """Days, marks, outcome and money."""
    told: dict[str, Any] = {"decision": case.outcome or None}
    first = case.submissions.order_by("number").first()
    if first is not None:
        start = clock.local(first.submitted).date()
        told["completeness_due"] = deadlines.due(case, "completeness", start=start).day.isoformat()
    if correction := getattr(case, "correction", None):
        told["correction_due_from_return"] = correction.due.isoformat()
    if entry := case.entries.select_related("notice").first():
        told["public_notice_days"] = entry.notice.days
    return told | _marks(case) | _money(case)


def _marks(case: Case) -> dict[str, str]:
    """The mark, as the panel's or the index's, and what it was before a seat was found void."""
    if case.score is None:
        return {}
    told = {"score": str(case.score)}
    if case.procedure.evaluation.kind == "panel":
        told["panel_score"] = str(case.score)
    voided = Event.objects.filter(case=case, kind="seat_voided").order_by("seq")
    former = [json.loads(event.body)["facts"].get("former") for event in voided]
    return {**told, "panel_score_before": former[0]} if any(former[:1]) else told


def _money(case: Case) -> dict[str, Any]:
    """What was granted, and how it is to be paid."""
    told: dict[str, Any] = {}
    if case.amount is not None:
        told["approved_amount"] = str(case.amount)
    if award := Award.objects.filter(case=case).first():
        told["tranches"] = award.tranches
    return told


def _code(issued: list[Document]) -> str:
    """The check code of the paper that matters most: the title, else the decision."""
    titles = ("certificate", "pool_notice", "designation", "recognition", "approval")
    for kinds in (titles, ("decision_granted", "decision_refused", "decision_registered")):
        for paper in issued:
            if paper.kind in kinds:
                return paper.code
    return issued[-1].code if issued else ""


def _sentence(refusal: CaseError | None) -> str:
    """What the applicant read, and whatever else the refusal knows."""
    if refusal is None:
        return ""
    with translation.override("en"):
        told = {key: str(value) for key, value in refusal.facts.items()}
        rest = [f"{key}: {told[key]}" for key in told if f"%({key})s" not in refusal.sentence]
        said = refusal.sentence % told if told else refusal.sentence
    return f"{said} ({', '.join(rest)})" if rest else said
