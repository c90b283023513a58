"""What came out of a recorded application, beside what was expected."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation

from workflows import clock, store
from workflows.assessment import assess
from workflows.models import Case, Document
from workflows.recording import acts
from workflows.recording.driver import Drive
from workflows.stages import deadlines, register


@dataclass(frozen=True)
class Result:
    """One application's end: facts as data, papers, and whether they are as expected."""

    id: str
    case: str
    state: str
    expected: dict[str, Any]
    actual: dict[str, Any]
    pdfs: list[str]
    code: str
    refusal: str

    @property
    def agrees(self) -> bool:
        """Whether every expected fact came out."""
        return all(same(value, self.actual.get(key)) for key, value in self.expected.items())

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
        return {**data, "refusal": self.refusal} if self.refusal else data


def same(expected: Any, actual: Any) -> bool:
    """Equal as facts: 64.0 and "64.00" are one amount."""
    if isinstance(expected, bool) or isinstance(actual, bool) or actual is None:
        return expected is actual
    try:
        return Decimal(str(expected)) == Decimal(str(actual))
    except InvalidOperation:
        return bool(expected == actual)


def result(drive: Drive) -> Result:
    """Gather what became of a driven application."""
    case = Case.objects.select_related("edition", "applicant").get(pk=drive.case.pk)
    issued = acts.papers(drive)
    actual = {**_facts(drive, case), **_told(drive, case)}
    wanted = drive.application.expected
    return Result(
        id=drive.application.id,
        case=case.reference,
        state=str(case.state),
        expected=wanted,
        actual=actual | {key: None for key in wanted if key not in actual},
        pdfs=[str(laid_out(case, number, paper)) for number, paper in enumerate(issued, 1)],
        code=_code(issued),
        refusal=_sentence(drive),
    )


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
    moment = filed.submitted if filed else drive.moment
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
        derived=found.bound.derived,
        rule=case.rules.rule,
    )


def _before_this_case(record: dict[str, Any], case: Case) -> dict[str, Any]:
    """The record without the title this very case has given."""
    kinds = set(case.titles.values_list("kind", flat=True))
    own = {"certified": False} if "certificate" in kinds else {}
    return record | own | ({"pool_active": False} if "pool_entry" in kinds else {})


def _told(drive: Drive, case: Case) -> dict[str, Any]:
    """Days, mark and outcome."""
    told: dict[str, Any] = {"decision": case.outcome or None}
    if drive.refusal is not None and not case.outcome:
        told["decision"] = "ineligible" if type(drive.refusal).__name__ == "NotEligible" else None
    first = case.submissions.order_by("number").first()
    if first is not None:
        start = clock.local(first.submitted).date()
        told["completeness_due"] = deadlines.due(case, "completeness", start=start).day.isoformat()
    if correction := getattr(case, "correction", None):
        told["correction_due_from_return"] = correction.due.isoformat()
    if case.score is not None:
        told["panel_score"] = str(case.score)
    if entry := case.entries.select_related("notice").first():
        told["public_notice_days"] = entry.notice.days
    return told


def _code(issued: list[Document]) -> str:
    """The check code of the paper that matters most: the title, else the decision."""
    for kinds in (("certificate", "pool_notice"), ("decision_granted", "decision_refused")):
        for paper in issued:
            if paper.kind in kinds:
                return paper.code
    return issued[-1].code if issued else ""


def _sentence(drive: Drive) -> str:
    if drive.refusal is None:
        return ""
    with translation.override("en"):
        facts = ", ".join(f"{key}: {value}" for key, value in drive.refusal.facts.items())
    return f"{drive.refusal.sentence} ({facts})" if facts else drive.refusal.sentence
