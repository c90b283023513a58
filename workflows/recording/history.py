"""What the register held of an applicant before the recording begins: titles, reports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflows import clock, demo, programme
from workflows.models import Certificate, Organisation, Round
from workflows.recording.reader import Application, BadRecording
from workflows.stages import register

# How a recording may call what a title held before is known by; the first one found counts.
NUMBER = ("number", "certificate_no", "no")
GRANTED = ("granted_on", "designated_on", "held_since", "since", "granted", "valid_from")
GRADE = ("grade", "last_grade", "yearly_grade")
GRADES = {"优": "excellent", "优秀": "excellent", "良": "good", "良好": "good", "合格": "pass"}


def enter(applicant: Organisation, call: Round, application: Application) -> None:
    """What the answers and the recording name of the applicant's past is in the register.

    What the register holds already stays as it is.
    """
    _pool_entry(applicant, call.programme, application.form)
    lower = application.lower_level
    for told in lower if isinstance(lower, list) else [lower] if lower else []:
        _title(applicant, call, application, told)


def _pool_entry(applicant: Organisation, programme_key: str, form: Mapping[str, Any]) -> None:
    """A pool entry from before this system, and the reports published since."""
    if not form.get("pool_no") or not form.get("pool_entered_on"):
        return
    officer = demo.cast(applicant.district).officer
    title = Certificate.objects.filter(number=form["pool_no"]).first()
    if title is None:
        title = register.import_title(
            applicant,
            programme_key=programme_key,
            kind="pool_entry",
            title="产教融合型企业培育库",
            number=form["pool_no"],
            granted=date.fromisoformat(form["pool_entered_on"]),
            by=officer,
        )
    for row in form.get("annual_report_ids") or []:
        if title.valid_from.year <= row["year"] < clock.today().year:
            register.note_report(title, year=row["year"], by=officer)


def _title(
    applicant: Organisation, call: Round, application: Application, told: Mapping[str, Any]
) -> None:
    """A title of this programme held before, with its last yearly grade and what it says."""
    since = _first(told, GRANTED)
    if not since:
        raise BadRecording(f"{application.id}: lower_level does not say since when it is held")
    grant = next(iter(call.edition.shape.procedures.values())).grant
    kept = {code: application.form.get(code) for code in grant.registers}
    answers = kept | {"level": "standard"} | {key: told[key] for key in kept if key in told}
    grade = _first(told, GRADE)
    register.import_title(
        applicant,
        programme_key=programme.get(call.programme).key,
        kind=grant.kind,
        title=str(told.get("title") or grant.title.zh),
        number=_first(told, NUMBER) or f"{application.id}-{since}",
        granted=date.fromisoformat(since),
        by=demo.cast(applicant.district).officer,
        facts={"grade": GRADES.get(grade, grade), "answers": answers},
    )


def _first(told: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(told[name]) for name in names if told.get(name)), "")
