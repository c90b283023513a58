"""The books of every case: state, open tasks, clock and papers must tell one story.

``verify`` reads the trail; this reads what the trail speaks of. The suite runs both after every
database test, ``manage.py verify_audit`` in production.
"""

from collections.abc import Iterator

from django.db.models import Q

from workflows.audit.verify import Finding
from workflows.models import Award, Case, Certificate, Process, Segment, Supplement, Task
from workflows.models.case import CLOSED, STANDING_STILL, State

AFTER = ("delivery", "standby")  # steps of a case that is closed: its papers, its place in line


def imbalances(among: Q | None = None) -> Iterator[Finding]:
    """Every case (``among`` some) whose rows contradict each other."""
    for case in Case.objects.filter(among or Q()).order_by("pk"):
        for what in _story(case):
            yield Finding(f"case:{case.pk}", case.version, what)


def _story(case: Case) -> Iterator[str]:
    running = Process.objects.filter(case=case, finished=None).count()
    open_tasks = Task.objects.filter(case=case, finished=None).count()
    after = Task.objects.filter(case=case, finished=None, node__in=AFTER).exists()
    if case.state == State.DRAFT or (case.state in CLOSED and not after):
        if running or open_tasks:
            yield f"is {case.state} but {open_tasks} tasks are open"
    elif running != 1 or not open_tasks:
        yield f"is {case.state} but {running} processes run with {open_tasks} open tasks"
    yield from _clock(case)
    yield from _outcome(case)


def _clock(case: Case) -> Iterator[str]:
    standing = Segment.objects.filter(case=case, resumed=None).exists()
    signing = Task.objects.filter(case=case, finished=None, node="task_book").exists()
    owed = Supplement.objects.filter(case=case, closed=None).exists()
    should = case.state in STANDING_STILL or signing or owed
    if case.is_open and owed != bool(case.asked_since):
        yield f"{'asks' if owed else 'does not ask'} its applicant, and says otherwise"
    if Task.objects.filter(case=case, finished=None, paused=not case.stands_still).exists():
        yield f"{'stands still' if case.stands_still else 'goes on'} but its steps do not"
    if standing != should and case.state not in CLOSED:
        yield f"is {case.state} but its clock {'stands' if standing else 'runs'}"
    if case.accepted is not None and case.due is None:
        yield "is accepted but has no due day"


def _outcome(case: Case) -> Iterator[str]:
    if (case.state in CLOSED) != bool(case.outcome):
        yield f"is {case.state} with the outcome {case.outcome!r}"
    titles = Certificate.objects.filter(case=case).count()
    if titles != (case.state == State.GRANTED):
        yield f"is {case.state} with {titles} titles in the register"
    promised = case.state == State.GRANTED and case.procedure.funding is not None
    if Award.objects.filter(case=case).exists() != promised:
        yield f"is {case.state} {'without its' if promised else 'with an'} award"
