"""Opinions of departments in parallel, with reminder and configured silence."""

from workflows import audit, clock
from workflows.errors import NotYetDue, ReasonMissing, StageClosed
from workflows.models import Case, Opinion, Task, User, rows
from workflows.models.case import State
from workflows.procedure import Department
from workflows.stages import deadlines, messages
from workflows.stages.law import entitled, lawfully, release, verb
from workflows.working_days import calendar


def departments(case: Case) -> list[str]:
    """Codes of the departments this case is put to, in the edition's order."""
    return list(case.weighed["departments"])


def watch(locked: Case, asked: list[str], *, key: str) -> None:
    """Arm the reminder and the reading of silence for each department asked.

    ``key`` tells one asking from another.
    """
    limit = deadlines.due(locked, "department_opinion")
    for code in asked:
        rule, one = _rule(locked, code), f"{code}:{key}"
        day = calendar().add(clock.today(), rule.remind_after).day
        deadlines.watch(locked, "remind", day, key=one, department=code)
        if rule.silence == "no_objection":
            deadlines.watch(locked, "read_silence", limit.day, key=one, department=code)


def _rule(case: Case, code: str) -> Department:
    return next(each for each in case.procedure.departments if each.code == code)


@verb
def give_opinion(case: Case, *, department: str, verdict: str, text: str, by: User) -> None:
    """One department answers; the last answer closes the countersign.

    ``verdict`` is ``no_objection`` or ``objection``; an objection needs facts (``ReasonMissing``).
    """
    if verdict == Opinion.Verdict.OBJECTION and not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "department_reviewer", scope=department)
        _answer(locked, department, verdict, text, by)
    release(locked, "opinion", unit=department, by=by)


@verb
def read_silence(case: Case, *, department: str) -> None:
    """A department did not answer in time and its silence counts as no objection.

    Called by the timer; ``StageClosed`` unless the edition says so.
    """
    with lawfully(case) as locked:
        task = _open_task(locked, department)
        if _rule(locked, department).silence != "no_objection":
            raise StageClosed
        assert task.due is not None, "an opinion is asked with a time limit"
        if clock.now() < clock.end_of(task.due):
            raise NotYetDue(not_before=clock.end_of(task.due))
        _answer(locked, department, Opinion.Verdict.SILENT, "", None)
    release(locked, "opinion", unit=department)


@verb
def remind(case: Case, *, department: str) -> None:
    """Remind a department that has not answered yet; called by the timer."""
    with lawfully(case) as locked:
        task = _open_task(locked, department)
        event = audit.record(locked, "reminded", by=None, department=department)
        Task.objects.filter(pk=task.pk).update(reminded=clock.now())
    messages.tell(
        locked, "reminder", event=event, audience=f"group:{task.candidate}", due=str(task.due)
    )


def _open_task(locked: Case, department: str) -> Task:
    task: Task | None = Task.objects.filter(
        case=locked, node="opinion", unit=department, finished=None
    ).first()
    if task is None or locked.state != State.COUNTERSIGN:
        raise StageClosed
    return task


def _answer(locked: Case, department: str, verdict: str, text: str, by: User | None) -> None:
    waiting = set(
        Task.objects.filter(case=locked, node="opinion", finished=None).values_list(
            "unit", flat=True
        )
    )
    if locked.state != State.COUNTERSIGN or department not in waiting:
        raise StageClosed
    opinion = Opinion(
        case=locked,
        phase=Opinion.Phase.COUNTERSIGN,
        round=locked.review_round,
        unit=department,
        verdict=verdict,
        text=text,
        by=by,
        given=clock.now(),
    )
    rows.insert(opinion)
    if waiting == {department}:
        locked.close_countersign()
    audit.record(locked, "opinion_given", by=by, department=department, verdict=verdict, text=text)


def objections(case: Case) -> list[Opinion]:
    """Departments' objections of the present round."""
    return list(
        case.opinions.filter(
            phase=Opinion.Phase.COUNTERSIGN,
            round=case.review_round,
            verdict=Opinion.Verdict.OBJECTION,
        )
    )
