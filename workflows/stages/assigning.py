"""Giving a group's tasks to its people: by the head with the load in sight, or fairly by rule.

The rule: of those present and entitled, whoever has the least open work; among equals, whoever was
given a task of this group longest ago; then the oldest account. The same facts always give the
same person.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from workflows import audit, clock, jobs
from workflows.errors import (
    AssigneeAway,
    AssigneeUnfit,
    ClaimedByAnother,
    ReasonMissing,
    StageClosed,
)
from workflows.models import (
    Absence,
    Appointment,
    Ballot,
    Case,
    Decision,
    Distribution,
    Event,
    Intent,
    Job,
    Membership,
    Seat,
    Task,
    Turn,
    User,
)
from workflows.stages import absences, intents, messages
from workflows.stages.desk import is_free
from workflows.stages.groups import BY_DISTRICT, LENT, is_of
from workflows.stages.law import (
    ASSIGNED,
    FORBIDDEN,
    IN_STEAD,
    NEW,
    entitled,
    lawfully,
    verb,
)

CHAIN = "sharing"
ROUND = timedelta(minutes=5)  # between two looks at the groups whose tasks are dealt out
BATCH = 200  # tasks dealt out in one look
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # the rounds are counted from
DUE_FIRST = F("due").asc(nulls_last=True)
EFFORT: Mapping[str, int] = {  # beside an ordinary step, which counts as one
    "acceptance": 2,
    "district_review": 2,
    "screening": 2,
    "department_review": 3,
    "proposal": 3,
}
DUTIES: Mapping[str, str] = {  # the separated duty a step asks for (domain 0.3)
    "acceptance": "accept",
    "visit": "evaluate",
    "settlement": "evaluate",
    "endorsement": "approve",
    "signing": "sign",
    "sealing": "seal",
    "task_book": "sign",
}


@dataclass(frozen=True)
class Load:
    """What one person of a group has on their desk."""

    person: User
    tasks: int
    effort: int
    today: int
    overdue: int
    absences: Sequence[Absence]
    last: datetime | None  # when they were last given a task of the group

    def is_away(self, task: Task) -> bool:
        """Whether the person is away for what ``task`` is about."""
        return any(absence.concerns(task) for absence in self.absences)


# --- who has how much -----------------------------------------------------------------------------
def members(group: str) -> list[User]:
    """Who holds an office that serves ``group``, by account."""
    role, _, scope = group.partition(":")
    scopes = {scope, ""} if role in BY_DISTRICT else {scope}
    held = Appointment.objects.in_force().filter(role=role, scope__in=scopes)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def loads(group: str) -> list[Load]:
    """The people of ``group`` with what they have open in all groups, paused cases left out."""
    people = members(group)
    counted = _counted(people)
    away = absences.away(people)
    last = dict(Turn.objects.filter(group=group).values_list("person", "at"))
    return [
        Load(
            person=each,
            absences=away.get(each.pk, []),
            last=last.get(each.pk),
            **counted.get(each.pk, {"tasks": 0, "effort": 0, "today": 0, "overdue": 0}),
        )
        for each in people
    ]


def _counted(people: Iterable[User]) -> dict[int, dict[str, int]]:
    today = clock.today()
    held = Task.objects.filter(owner__in=people, status=ASSIGNED)
    running = held.filter(paused=False).order_by()
    found: dict[int, dict[str, int]] = {}
    for row in running.values("owner", "node").annotate(
        tasks=Count("pk"),
        today=Count("pk", filter=Q(due=today)),
        overdue=Count("pk", filter=Q(due__lt=today)),
    ):
        sums = found.setdefault(row["owner"], {"tasks": 0, "effort": 0, "today": 0, "overdue": 0})
        for name in ("tasks", "today", "overdue"):
            sums[name] += row[name]
        sums["effort"] += row["tasks"] * EFFORT.get(row["node"], 1)
    return found


# --- by the head ----------------------------------------------------------------------------------
def unit(group: str, district: str) -> str:
    """Whose head gives a task of ``group``, on a case of ``district``; ``""`` is the office's.

    What the whole city does is not a district's to give away, though the case be of it.
    """
    role, _, scope = group.partition(":")
    return district if role in BY_DISTRICT else scope


def heads(by: User, task: Task, case: Case) -> None:
    """Refuse with ``NotEntitled`` unless ``by`` heads the office, or the unit of the group."""
    entitled(by, "leader", scope=unit(task.candidate, case.district))


def may_assign(task: Task, by: User) -> bool:
    """Whether ``by`` heads those who may be given the open ``task``; its case is at hand."""
    if task.finished is not None or task.candidate.partition(":")[0] not in LENT:
        return False
    heading = (office.scope for office in by.offices if office.role == Appointment.Role.LEADER)
    return any(scope in ("", unit(task.candidate, task.case.district)) for scope in heading)


@verb
def assign(task: Task, *, to: User, by: User, reason: str = "", seen: int | None = None) -> Task:
    """The head gives an open task of a group to one of its people, or takes it over to another.

    ``seen`` is whose it was when the head looked (``ClaimedByAnother`` when that changed). Taking
    it from somebody needs words (``ReasonMissing``). Raises ``AssigneeUnfit`` for whoever may not
    do it, because of their office or of what they did on this case, ``AssigneeAway`` for whoever
    is away, ``StageClosed`` for a finished or a personal task.
    """
    with lawfully(task.case) as locked:
        found = _open(task)
        heads(by, found, locked)
        intents.require_none(found)
        if found.owner_id != seen and not is_free(found):
            raise ClaimedByAnother(name=str(found.owner))
        if found.owner == to:
            return found
        if found.owner is not None and not reason.strip():
            raise ReasonMissing
        to = User.objects.get(pk=to.pk)
        _fit(found, to)
        if any(each.concerns(found) for each in absences.away([to]).get(to.pk, [])):
            raise AssigneeAway(name=str(to))
        _give(locked, found, to, by, reason=reason.strip())
    return found


def _open(task: Task) -> Task:
    found: Task = Task.objects.select_related("owner").get(pk=task.pk)
    if found.finished is not None or found.candidate.partition(":")[0] not in LENT:
        raise StageClosed
    return found


def _fit(task: Task, person: User) -> None:
    barred = person.pk in bars([task])[task.pk]
    if not person.is_active or not is_of(person, task.candidate) or barred:
        raise AssigneeUnfit(name=str(person))


def bars(tasks: Sequence[Task]) -> dict[int, set[int]]:
    """Whom each of ``tasks`` must not be given to, by its key; six statements however many.

    Those are the people whose own case it is (decision 0033), who exercised a conflicting duty on
    it, themselves or in a colleague's stead (and that colleague), who hold a seat there, or who
    recused themselves; of an endorsement, whoever proposed what is to be endorsed.
    """
    cases = {task.case_id for task in tasks}
    kept: dict[int, set[int]] = {case: set() for case in cases}
    recused = Ballot.objects.filter(item__case__in=cases, choice=Ballot.Choice.RECUSED)
    for found in (
        Seat.objects.filter(case__in=cases).values_list("case", "expert"),
        recused.values_list("item__case", "member__user"),
        *_parties(cases),
    ):
        for case, person in found:
            kept[case].add(person)
    acts = _acts(cases)
    own = _proposers(tasks)
    return {
        task.pk: kept[task.case_id] | _forbidden(task, acts) | own.get(task.pk, set())
        for task in tasks
    }


def _parties(cases: Iterable[int]) -> Iterator[QuerySet[Membership, tuple[int, int]]]:
    """Each of ``cases`` with who acts today for its applicant, then for its partners."""
    mandates = Membership.objects.in_force()
    applied = mandates.filter(organisation__cases__in=cases)
    yield applied.values_list("organisation__cases", "user")
    takes_part = Q(
        organisation__partnerships__case__in=cases, organisation__partnerships__left=None
    )
    yield mandates.filter(takes_part).values_list("organisation__partnerships__case", "user")


def _proposers(tasks: Sequence[Task]) -> dict[int, set[int]]:
    """Who proposed what each of the endorsements among ``tasks`` is about."""
    asked = {task.case_id: task.pk for task in tasks if task.node == "endorsement"}
    proposals = Decision.objects.filter(case__in=asked, proposed_by__isnull=False)
    told = proposals.values_list("case", "proposed_by") if asked else []
    return {asked[case]: {person} for case, person in told}


def _acts(cases: Iterable[int]) -> dict[int, list[tuple[str, set[int]]]]:
    """The separated duties exercised on ``cases``, and whose acts they were."""
    found: dict[int, list[tuple[str, set[int]]]] = {}
    told = Event.objects.filter(case__in=cases).exclude(duty="").order_by("case", "seq")
    for case, duty, actor, body in told.values_list("case", "duty", "actor", "body"):
        absent = json.loads(body)["for"]["id"] if IN_STEAD in body else None
        people = {each for each in (actor, absent) if each is not None}
        found.setdefault(case, []).append((duty, people))
    return found


def _forbidden(task: Task, acts: Mapping[int, list[tuple[str, set[int]]]]) -> set[int]:
    others = FORBIDDEN.get(DUTIES.get(task.node, ""), {})
    return {pk for duty, people in acts.get(task.case_id, []) if duty in others for pk in people}


def _give(locked: Case, task: Task, to: User, by: User | None, **facts: str) -> None:
    former = str(task.owner) if task.owner is not None else ""
    Task.objects.filter(pk=task.pk).update(owner=to, status=ASSIGNED, snoozed=None)
    Turn.objects.update_or_create(group=task.candidate, person=to, defaults={"at": clock.now()})
    event = audit.record(
        locked,
        "assigned",
        by=by,
        node=task.node,
        unit=task.unit,
        holder=str(to),
        former_holder=former,
        **facts,
    )
    if to != by:
        due = task.due.isoformat() if task.due else "–"
        messages.tell(locked, "assigned", event=event, audience=f"user:{to.pk}", due=due)
    task.owner, task.status = to, ASSIGNED


# --- by rule --------------------------------------------------------------------------------------
@verb
def switch(group: str, *, on: bool, by: User) -> Distribution:
    """Let the unclaimed tasks of ``group`` be dealt out by rule from now on, or no longer."""
    entitled(by, "leader", scope=group.partition(":")[2])
    found, _ = Distribution.objects.update_or_create(
        group=group, defaults={"on": on, "changed": clock.now(), "by": by}
    )
    audit.record_system(CHAIN, "distribution_switched", by=by, group=group, on=on)
    if on:
        since = found.changed.isoformat()
        payload = {"group": group, "since": since}
        jobs.enqueue("deal_out", key=f"deal_out:{group}:{since}", payload=payload)
    return found


@jobs.handler("deal_out")
def deal_out(job: Job, made: Any) -> None:
    """Have every unclaimed task of a group dealt out, each by a job; look again after a while.

    A switch thrown meanwhile ends this row of looks: it began one of its own. What is more than
    one look takes comes in the next, so tasks that nobody may be given hold up no others.
    """
    group, since = job.payload["group"], job.payload["since"]
    found = Distribution.objects.filter(group=group, on=True).first()
    if found is None or found.changed.isoformat() != since:
        return
    stamp = clock.now().isoformat()
    pressed = Intent.objects.filter(task=OuterRef("pk"), state=Intent.State.WAITING)
    waiting = Task.objects.filter(~Exists(pressed), candidate=group, status=NEW, paused=False)
    ordered = waiting.order_by(DUE_FIRST, "pk")
    keys = list(_behind(ordered, job.payload.get("after")).values_list("pk", "due")[:BATCH])
    with jobs.gathered():
        for pk, _due in keys:
            payload = {"task": pk, "group": group}
            jobs.enqueue("deal", key=f"deal:{pk}:{stamp}", payload=payload)
        _look_again(found, after=keys[-1] if len(keys) == BATCH else None)


def _behind(tasks: QuerySet[Task], after: Sequence[Any] | None) -> QuerySet[Task]:
    """Those of ``tasks`` that come behind the key and the day at which the last look ended."""
    if after is None:
        return tasks
    pk, due = after
    if due is None:
        return tasks.filter(due=None, pk__gt=pk)
    return tasks.filter(Q(due__gt=due) | Q(due=due, pk__gt=pk) | Q(due=None))


def _look_again(switched: Distribution, after: tuple[int, date | None] | None = None) -> None:
    """Let the next look at a group wait in the ledger, one for each round of the clock."""
    passed = (clock.now() - EPOCH) // ROUND
    at, since = EPOCH + ROUND * (passed + 1), switched.changed.isoformat()
    payload: dict[str, Any] = {"group": switched.group, "since": since}
    if after is not None:
        payload["after"] = [after[0], after[1] and after[1].isoformat()]
    key = f"deal_out:{switched.group}:{since}:{at:%Y-%m-%dT%H:%M}"
    jobs.enqueue("deal_out", key=key, payload=payload, not_before=at)


def arm() -> None:
    """Let every group that is dealt out be looked at again, should its row of looks have died."""
    with jobs.gathered():
        for switched in Distribution.objects.filter(on=True):
            _look_again(switched)


@jobs.handler("deal")
def deal(job: Job, made: Any) -> None:
    """Give one task to whoever the rule names; nobody, and it stays for everyone to claim."""
    switched = Distribution.objects.select_for_update().filter(group=job.payload["group"], on=True)
    if switched.first() is None:  # holding it, one task after the other sees the loads
        return
    related = Task.objects.select_related("case__edition", "case__applicant")
    task = related.filter(pk=job.payload["task"], candidate=job.payload["group"]).first()
    if task is not None:  # else it was forwarded to another group
        deal_one(task)


@verb
def deal_one(task: Task) -> User | None:
    """Give an unclaimed task to the person the rule names, if there is one; say whom.

    One that was forwarded to another group, or that somebody has decided a moment ago, stays.
    """
    with lawfully(task.case) as locked:
        found = Task.objects.select_related("owner").get(pk=task.pk)
        unclaimed = found.finished is None and found.owner is None
        if not unclaimed or found.candidate != task.candidate or intents.waiting(found):
            return None
        chosen = fairest(locked, found)
        if chosen is not None:
            _give(locked, found, chosen, None, rule="least_load")
    return chosen


def fairest(case: Case, task: Task) -> User | None:
    """Whom the rule names for ``task``; whoever gave it back is not given it again."""
    kept_out = _gave_back(case, task) | bars([task])[task.pk]
    fit = [
        load
        for load in loads(task.candidate)
        if not load.is_away(task) and load.person.pk not in kept_out
    ]
    return min(fit, key=_turn).person if fit else None


def _turn(load: Load) -> tuple[int, float, int]:
    return load.effort, load.last.timestamp() if load.last else 0.0, load.person.pk


def _gave_back(case: Case, task: Task) -> set[int]:
    told = Event.objects.filter(case=case, kind="given_back", at__gte=task.created)
    facts = [(event.actor_id, json.loads(event.body)["facts"]) for event in told.order_by("seq")]
    return {
        actor
        for actor, said in facts
        if actor and (said.get("node"), said.get("unit")) == (task.node, task.unit)
    }
