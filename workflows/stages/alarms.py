"""What must not lie unseen: work somebody left behind, work overdue, steps that nobody may do.

Looked for every morning with the reminders. Each thing is done or told of by a job of its own.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from workflows import audit, clock, jobs
from workflows.calendar import DAY
from workflows.models import Absence, Appointment, Job, Task, User
from workflows.models.case import State
from workflows.stages import absences, assigning, deadlines, desk, messages
from workflows.stages.groups import BY_DISTRICT, LENT, reaches
from workflows.stages.law import lawfully, verb
from workflows.status_words import time_light
from workflows.working_days import calendar

CHUNK = 500  # tasks looked at together
FAR = timedelta(days=60)  # no task turns yellow earlier
LIGHTS = {"yellow": "task_due", "red": "task_overdue"}
WATCHERS = ("group:operator", "group:leader")  # who can appoint somebody


def look(day: str) -> None:
    """Let each thing be looked for on ``day``; called by the round of every morning."""
    for what in ("find_left_behind", "find_overdue", "find_stuck", "find_lights", "sweep_viewings"):
        jobs.enqueue(what, key=f"{what}:{day}")
    assigning.arm()


# --- left behind (X12) ----------------------------------------------------------------------------
def _left(job: Job) -> list[int]:
    return [task.pk for task in desk.left_behind()]


@jobs.handler("find_left_behind", work=_left)
def found_left(job: Job, made: list[int]) -> None:
    """Have each task whose owner left the post put back into its group's queue."""
    _each("take_in", made, job)


@jobs.handler("take_in")
def taken_in(job: Job, made: None) -> None:
    """Put one task back, if it is still nobody's."""
    desk.take_in(_task(job))


# --- overdue (X11) --------------------------------------------------------------------------------
def of_the_office() -> QuerySet[Task]:
    """The open tasks of groups of the office, those of suspended cases left out."""
    of_roles = Q(candidate__in=LENT)
    for role in LENT:
        of_roles |= Q(candidate__startswith=f"{role}:")
    found: QuerySet[Task] = Task.objects.filter(of_roles, finished=None)
    return found.exclude(case__state=State.SUSPENDED)


def running() -> QuerySet[Task]:
    """Those of them whose time runs: nobody waits for what the applicant was asked for (X19)."""
    return of_the_office().filter(paused=False)


def _overdue(job: Job) -> tuple[list[int], list[int]]:
    today = clock.today()
    late = running().filter(due__lt=today, escalated=None)
    in_time = of_the_office().filter(due__gte=today).exclude(escalated=None)
    return (
        list(late.order_by("pk").values_list("pk", flat=True)),
        list(in_time.order_by("pk").values_list("pk", flat=True)),
    )


@jobs.handler("find_overdue", work=_overdue)
def found_overdue(job: Job, made: tuple[list[int], list[int]]) -> None:
    """Have each task that became overdue put under supervision; lift it where the day moved."""
    late, in_time = made
    _each("escalate", late, job)
    _each("lift", in_time, job)


@jobs.handler("escalate")
def escalated(job: Job, made: None) -> None:
    """Put one task under supervision."""
    escalate(_task(job))


@jobs.handler("lift")
def lifted(job: Job, made: None) -> None:
    """Lift the supervision of one task."""
    lift(_task(job))


@verb
def escalate(task: Task) -> bool:
    """Put an overdue task under the supervision of the head (督办), once; say whether it was.

    Its owner and the head are told by the reminder of overdue tasks.
    """
    with lawfully(task.case) as locked:
        found = running().filter(pk=task.pk, due__lt=clock.today(), escalated=None)
        late = found.first()
        if late is None:
            return False
        found.update(escalated=clock.now())
        audit.record(
            locked, "escalated", by=None, node=late.node, unit=late.unit, due=str(late.due)
        )
    return True


@verb
def lift(task: Task) -> bool:
    """Lift the supervision of a task whose day has moved; say whether it was lifted."""
    with lawfully(task.case) as locked:
        held = Task.objects.filter(pk=task.pk, finished=None).exclude(escalated=None)
        if not held.filter(due__gte=clock.today()).update(escalated=None):
            return False
        audit.record(locked, "supervision_lifted", by=None, node=task.node, unit=task.unit)
    return True


# --- turned yellow or red: the head of the unit is told (interface 4.10) --------------------------
def lights() -> Iterator[tuple[Task, str, int]]:
    """The tasks whose light is yellow or red: what is told of it, and to which head.

    That is the head of the case's district, or the head of the office where it has none. Their
    handlers, and of red ones the head of the office, are told by the reminders.
    """
    heads = _heads()
    soon = running().filter(due__lte=clock.today() + FAR).select_related("case")
    for task, colour in coloured(soon.defer("case__draft").order_by("pk")):
        for head in heads.get(task.case.district) or heads.get("", []):
            yield task, LIGHTS[colour], head


def coloured(tasks: QuerySet[Task]) -> Iterator[tuple[Task, str]]:
    """Those of ``tasks``, which have a last day, whose light is yellow or red, and which it is."""
    for task in tasks.iterator(chunk_size=CHUNK):
        assert task.due is not None, "only tasks with a day are asked for"
        left = calendar().left(task.due, clock.today())
        if (colour := time_light(left, deadlines.allowed(task)).colour) in LIGHTS:
            yield task, colour


def _heads() -> dict[str, list[int]]:
    """Who heads the office and each district."""
    found: dict[str, list[int]] = {}
    held = Appointment.objects.in_force().filter(role="leader", user__is_active=True)
    for scope, person in held.order_by("user").values_list("scope", "user"):
        found.setdefault(scope, []).append(person)
    return found


def _lights(job: Job) -> list[tuple[int, str, int]]:
    return [(task.pk, kind, head) for task, kind, head in lights()]


@jobs.handler("find_lights", work=_lights)
def found_lights(job: Job, made: list[tuple[int, str, int]]) -> None:
    """Tell each head once of each light, as the reminders tell its handler."""
    tasks = Task.objects.select_related("case").in_bulk([pk for pk, _kind, _head in made])
    with jobs.gathered():
        for pk, kind, head in made:
            task = tasks[pk]
            messages.remind(
                kind,
                origin=f"{kind}:{pk}:{task.due}",
                case=task.case,
                audience=f"user:{head}",
                due=str(task.due),
            )


# --- nobody may do it (X13) -----------------------------------------------------------------------
@dataclass
class Post:
    """A group and who serves it today."""

    group: str

    @cached_property
    def people(self) -> list[User]:
        """Who holds an office that serves the group."""
        return assigning.members(self.group)

    @cached_property
    def away(self) -> dict[int, list[Absence]]:
        """Who of them is away."""
        return absences.away(self.people)

    @cached_property
    def helpers_away(self) -> dict[int, list[Absence]]:
        """Which of those who stand in for them are away too."""
        helpers = {each.substitute_id for found in self.away.values() for each in found}
        return absences.away(User.objects.filter(pk__in=helpers)) if helpers else {}

    def able(self, task: Task, barred: Set[int]) -> bool:
        """Whether anybody present, or standing in for somebody absent, may do ``task``."""
        return any(barred.isdisjoint(acting) for acting in self._present(task))

    def _present(self, task: Task) -> Iterator[set[int]]:
        """Who could do it: one's own acts count, and those of whom one stands in for."""
        for person in self.people:
            absence = next((a for a in self.away.get(person.pk, []) if a.concerns(task)), None)
            if absence is None:
                yield {person.pk}
            elif self._helps(absence, task):
                yield {absence.substitute_id, person.pk}

    def _helps(self, absence: Absence, task: Task) -> bool:
        """Whether the substitute may do ``task``, and is not away themselves."""
        helper = absence.substitute
        gone = any(each.concerns(task) for each in self.helpers_away.get(helper.pk, []))
        return helper.is_active and not gone and reaches(absence, helper, task)

    @cached_property
    def since(self) -> date:
        """Since when it is as it is: the last office had ended, the last absence began."""
        role, _, scope = self.group.partition(":")
        scopes = {scope, ""} if role in BY_DISTRICT else {scope}
        held = Appointment.objects.filter(role=role, scope__in=scopes, valid_to__lt=clock.today())
        ends = [day + DAY for day in held.values_list("valid_to", flat=True) if day]
        gone = (*self.away.values(), *self.helpers_away.values())
        begins = [each.starts for found in gone for each in found]
        return max([*ends, *begins], default=date.min)


def stuck() -> Iterator[tuple[Task, date]]:
    """The open tasks that nobody may do for more than a working day, and since when."""
    posts: dict[str, Post] = {}
    waiting = of_the_office().select_related("case").defer("case__draft").order_by("pk")
    rows = waiting.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        barred = assigning.bars(chunk)
        for task in chunk:
            post = posts.setdefault(task.candidate, Post(task.candidate))
            since = max(clock.local(task.created).date(), post.since)
            lasted = calendar().add(since, 1).day < clock.today()
            if lasted and not post.able(task, barred[task.pk]):
                yield task, since


def _stuck(job: Job) -> list[tuple[int, str]]:
    return [(task.pk, since.isoformat()) for task, since in stuck()]


@jobs.handler("find_stuck", work=_stuck)
def found_stuck(job: Job, made: list[tuple[int, str]]) -> None:
    """Tell the operators and the head of each such step, once."""
    since = dict(made)
    with jobs.gathered():
        for task in Task.objects.filter(pk__in=since).select_related("case").order_by("pk"):
            for audience in WATCHERS:
                messages.remind(
                    "nobody_may",
                    origin=f"nobody_may:{task.pk}",
                    case=task.case,
                    audience=audience,
                    since=since[task.pk],
                )


# --- one job each ---------------------------------------------------------------------------------
def _each(kind: str, keys: list[int], round_: Job) -> None:
    with jobs.gathered():
        for pk in keys:
            jobs.enqueue(kind, key=f"{kind}:{pk}:{round_.pk}", payload={"task": pk})


def _task(job: Job) -> Any:
    found = Task.objects.select_related("case__edition", "case__applicant")
    return found.get(pk=job.payload["task"])
