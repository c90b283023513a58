"""What may happen to any case: at the window, in the reviews, the conference and the notice."""

from typing import Any

from workflows import demo
from workflows.errors import ConsentNeeded
from workflows.models import Opinion
from workflows.recording import acts
from workflows.recording.driver import Drive
from workflows.recording.reader import Occurrence
from workflows.stages import (
    acceptance,
    corrections,
    countersign,
    deliberation,
    publication,
    review,
    suspension,
    withdrawal,
)


def return_for_correction(drive: Drive, entry: Occurrence) -> None:
    """The window names every missing paper, the answers that will change, and the recorded words.

    What nobody names stays closed, so the answers are read off the correction that follows.
    """
    form = drive.case.rules.form
    titles = {paper.code: paper.zh for paper in form.attachments}
    questions = {field.code: field.zh for field in form.fields() if not field.derived}
    missing = [paper.code for paper in drive.application.attachments if not paper.provided]
    items = [
        _item(drive, code, "missing_paper", f"缺少：{titles[code]}")
        for code in missing
        if code in titles
    ]
    items += [
        _item(drive, code, "inconsistent", f"请改正：{questions[code]}")
        for code in _to_change(drive)
        if code in questions
    ]
    words = entry.fact("reason", "note", default="" if items else "材料不齐全，请补正。")
    if words:
        items.append(_item(drive, "", "inconsistent", words))
    corrections.return_once(drive.case, items=items, by=drive.cast.window)


def _item(drive: Drive, target: str, reason: str, words: str) -> dict[str, str]:
    """One item, for ``reason`` where the edition knows it."""
    known = corrections.reasons(drive.case)
    return {"target": target, "reason": reason if reason in known else known[0], "text": words}


def _to_change(drive: Drive) -> list[str]:
    """The answers that the next correction of the recording changes."""
    following = (each for each in drive.ahead if each.event == "resubmit")
    return [*_changes(next(following, None))]


def _changes(entry: Occurrence | None) -> dict[str, Any]:
    found: dict[str, Any] = ((entry.model_extra or {}) if entry else {}).get("form", {})
    return found


def resubmit(drive: Drive, entry: Occurrence) -> None:
    """The applicant adds what was missing (and the answers the entry changes) and files again."""
    acts.fill(drive, _changes(entry))
    acts.attach(
        drive, [paper.code for paper in drive.application.attachments if not paper.provided]
    )
    acts.agree(drive)
    note = entry.fact("note", "reason", default="已按要求补正。")
    correction = drive.case.correction
    answers = {item.position: note for item in correction.items.all()}
    signer = demo.signer(drive.case.applicant)
    corrections.resubmit(drive.case, note=note, answers=answers, by=signer)


def accept(drive: Drive, entry: Occurrence) -> None:
    """The window accepts on the recorded day."""
    acts.accept(drive)


def let_pass(drive: Drive, entry: Occurrence) -> None:
    """Nobody acts; the timers do."""


def refuse_acceptance(drive: Drive, entry: Occurrence) -> None:
    """The window refuses to take the case in hand."""
    acceptance.refuse_acceptance(
        drive.case,
        reason=entry.fact("code", default="out_of_scope"),
        text=entry.fact("reason", "note", default="不属于本机关受理范围。"),
        competent=entry.fact("competent"),
        by=drive.cast.window,
    )


def forward(drive: Drive, entry: Occurrence) -> None:
    """The window hands the file to another district, which has a desk as well."""
    district = entry.fact("district", "to")
    demo.cast(district)
    acceptance.forward(
        drive.case,
        district=district,
        reason=entry.fact("reason", default="不属于本区管辖。"),
        by=drive.cast.window,
    )


def recommend(drive: Drive, entry: Occurrence) -> None:
    """The district recommends."""
    acts.recommend(drive)


def not_recommend(drive: Drive, entry: Occurrence) -> None:
    """The district does not recommend; the file goes up all the same."""
    review.recommend(
        drive.case,
        favourable=False,
        text=entry.fact("reason", "note", default="不予推荐。"),
        by=drive.cast.district,
    )


def department_objection(drive: Drive, entry: Occurrence) -> None:
    """One department objects with facts."""
    department = entry.fact("department", "unit", default="market")
    countersign.give_opinion(
        drive.case,
        department=department,
        verdict=Opinion.Verdict.OBJECTION,
        text=entry.fact("reason", "text", "note", default="存在违法违规记录。"),
        by=drive.cast.departments[department],
    )


def stop(drive: Drive, entry: Occurrence) -> None:
    """The office's review stops the case on a block."""
    acts.conclude_with(drive, "stop", entry.fact("reason", "note", default="不符合条件。"))


def send_back(drive: Drive, entry: Occurrence) -> None:
    """The department review sends the file back to the district."""
    acts.conclude_with(drive, "back", entry.fact("reason", "note", default="请补充初审意见。"))


def defer(drive: Drive, entry: Occurrence) -> None:
    """The conference defers the item."""
    deliberation.resolve(
        drive.case,
        by=drive.cast.convenor,
        result="deferred",
        questions=entry.fact("reason", "note", default="请补充说明。"),
    )


def objection(drive: Drive, entry: Occurrence) -> None:
    """Somebody objects to the published entry."""
    publication.file_objection(
        publication.running_entry(drive.case),
        objector=entry.fact("objector", default="示例单位"),
        contact_name=entry.fact("contact", default="示例联系人"),
        phone=entry.fact("phone", default="13800000000"),
        is_unit=True,
        facts=entry.fact("facts", "reason", "note", default="对公示内容有异议。"),
    )


def objection_not_upheld(drive: Drive, entry: Occurrence) -> None:
    """The officer answers that the objection has no ground."""
    acts.answer_objections(drive)


def objection_upheld(drive: Drive, entry: Occurrence) -> None:
    """The officer upholds the objection; the entry leaves the list or is weighed again."""
    (first, *_) = publication.open_objections(drive.case)
    publication.answer_objection(
        first,
        result="upheld",
        answer=entry.fact("answer", "reason", "note", default="经核查，异议成立。"),
        effect=entry.fact("effect", default="remove"),
        by=drive.cast.officer,
    )


def withdraw(drive: Drive, entry: Occurrence) -> None:
    """The signer takes the application back; during the notice the officer consents."""
    reason = entry.fact("reason", "note", default="单位经营安排调整。")
    signer = demo.signer(drive.case.applicant)
    try:
        withdrawal.withdraw(drive.case, reason=reason, by=signer)
    except ConsentNeeded:
        withdrawal.ask(drive.case, reason=reason, by=signer)
        withdrawal.consent(drive.case, by=drive.cast.officer)


def suspend(drive: Drive, entry: Occurrence) -> None:
    """The head of the office suspends the case."""
    suspension.suspend(
        drive.case,
        ground=entry.fact("ground", default="investigation"),
        reason=entry.fact("reason", "note", default="有关事项正在调查。"),
        by=drive.cast.leader,
    )


def resume(drive: Drive, entry: Occurrence) -> None:
    """The head of the office lets the case go on."""
    suspension.resume(drive.case, by=drive.cast.leader)


def extend(drive: Drive, entry: Occurrence) -> None:
    """The head of the office extends the decision clock."""
    reason = entry.fact("reason", "note", default="案情复杂。")
    suspension.extend(drive.case, reason=reason, by=drive.cast.leader)


def terminate(drive: Drive, entry: Occurrence) -> None:
    """The head of the office ends the case."""
    reason = entry.fact("reason", "note", default="申报单位已注销。")
    suspension.terminate(drive.case, reason=reason, by=drive.cast.leader)
