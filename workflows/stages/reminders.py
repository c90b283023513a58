"""Reminders: what is not done yet and somebody should know, looked for every morning.

Nothing here changes a case. Each finder reads what stands now, so a limit that moved is told of
as it is today; each reason is told once, by its origin.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from workflows import clock, jobs
from workflows.calendar import DAY
from workflows.models import (
    Case,
    Certificate,
    Defence,
    Evidence,
    Job,
    Membership,
    Rating,
    Seat,
    Supplement,
    Task,
)
from workflows.models.case import CLOSED, State
from workflows.stages import (
    alarms,
    audit_findings,
    erasure,
    indexing,
    intents,
    messages,
    paper_scans,
    scanning,
    sweeping,
)
from workflows.working_days import calendar

HOUR = time(8, 0)  # before the daily letter
IDLE = timedelta(days=7)
CLOSING, CLOSES_SOON = 5 * DAY, DAY
SOON = (1, 3)  # working days left
EXPIRING = (timedelta(days=30), timedelta(days=90))
ENDING = (timedelta(days=7), timedelta(days=30))
FAR = timedelta(days=60)  # no task turns yellow earlier
APPLICANT = "applicant:"
OPEN_DEFENCE = {"closed": None, "recalled": None}


# --- every morning ------------------------------------------------------------------------------
def arm() -> None:
    """Let the next look round wait in the ledger; called by whoever begins to work."""
    now = clock.now()
    today = datetime.combine(clock.local(now).date(), HOUR, clock.LOCAL)
    morning = today if now < today else today + DAY
    jobs.enqueue("look_round", key=f"look_round:{morning:%Y-%m-%d}", not_before=morning)


@jobs.handler("look_round")
def look_round(job: Job, made: None) -> None:
    """Let every finder look by itself, so that one that fails holds up no other; then tidy up."""
    arm()
    day = clock.today().isoformat()
    with jobs.gathered():
        scanning.ask_later(day)
        paper_scans.ask_later(day)
        sweeping.ask(day)
        indexing.ask_later(day)
        alarms.look(day)
        erasure.look(day)
        audit_findings.look(day)
        intents.look(day)
        for name in FINDERS:
            jobs.enqueue("look_for", key=f"look_for:{name}:{day}", payload={"what": name})


@jobs.handler("look_for")
def look_for(job: Job, made: Any) -> None:
    """Tell whoever should know of what one finder finds."""
    with jobs.gathered():
        for told in FINDERS[job.payload["what"]]():
            messages.remind(**told)


Told = Iterator[dict[str, Any]]


# --- to the applicant ---------------------------------------------------------------------------
def _drafts() -> Any:
    open_calls = Case.objects.filter(state=State.DRAFT, round__closes__gt=clock.now())
    return open_calls.select_related("round").defer("draft").order_by("pk")


def idle_drafts() -> Told:
    """Drafts nobody has worked on for a week while their call is open."""
    touched = _drafts().annotate(touched=Max("events__at"))
    for case in touched.filter(touched__lte=clock.now() - IDLE):
        yield {
            "kind": "draft_idle",
            "origin": f"draft_idle:{case.pk}:{case.version}",
            "case": case,
            "closes": _last_day(case),
        }


def closing_calls() -> Told:
    """Drafts whose call closes in five days, and again on the day before it does."""
    today = clock.today()
    for case in _drafts().filter(round__closes__lte=clock.end_of(today + CLOSING)):
        soon = clock.local(case.round.closes).date() <= today + CLOSES_SOON
        kind = "round_closes_soon" if soon else "round_closing"
        yield {
            "kind": kind,
            "origin": f"{kind}:{case.pk}:{_last_day(case)}",
            "case": case,
            "closes": _last_day(case),
        }


def _last_day(case: Case) -> str:
    return clock.local(case.round.closes).date().isoformat()


def due_corrections() -> Told:
    """Returned applications with three working days left to correct them, and again with one."""
    returned = Case.objects.filter(state=State.RETURNED).select_related("correction")
    for case in returned.defer("draft").order_by("pk"):
        due = case.correction.due
        left = calendar().left(due, clock.today())
        for step in _steps(left):
            yield {
                "kind": "correction_due",
                "origin": f"correction_due:{case.pk}:{due}:{step}",
                "case": case,
                "due": due.isoformat(),
            }


def due_answers() -> Told:
    """Whatever else waits for an applicant's word: three working days before, and again one."""
    for case, audience, key, due in _asked():
        for step in _steps(calendar().left(due, clock.today())):
            yield {
                "kind": "answer_due",
                "origin": f"answer_due:{key}:{due}:{step}",
                "case": case,
                "audience": audience,
                "due": due.isoformat(),
            }


def _asked() -> Iterator[tuple[Case, str, str, date]]:
    """Steps of a flow, supplements asked for and refusals intended: whose word, and until when."""
    steps = _open_tasks().filter(candidate__startswith=APPLICANT).exclude(node="correction")
    for task in steps:
        organisation = f"organisation:{task.candidate.removeprefix(APPLICANT)}"
        yield task.case, organisation, f"task-{task.pk}", task.due
    waiting = Supplement.objects.filter(closed=None), Defence.objects.filter(**OPEN_DEFENCE)
    for asked in waiting:
        running = asked.exclude(case__state__in=[*CLOSED, State.SUSPENDED])
        for each in running.select_related("case").order_by("pk"):
            yield each.case, "applicant", f"{each.code}:{each.pk}", each.due


def _steps(left: int) -> list[int]:
    """The nearest of the steps at which a limit with ``left`` working days is told of, if any."""
    return [step for step in SOON if 0 <= left <= step][:1]


def expiring_titles() -> Told:
    """Titles that expire within ninety days, and again within thirty."""
    today = clock.today()
    valid = Certificate.objects.filter(state=Certificate.State.ACTIVE)
    ending = valid.filter(valid_to__range=(today, today + EXPIRING[-1]))
    for title in ending.select_related("case").order_by("pk"):
        assert title.valid_to is not None, "the filter asks for an end"
        step = next(each for each in EXPIRING if title.valid_to - today <= each)
        yield {
            "kind": "title_expiring",
            "origin": f"title_expiring:{title.pk}:{title.valid_to}:{step.days}",
            "case": title.case,
            "audience": f"organisation:{title.holder_id}",
            "title": title.title,
            "number": title.number,
            "until": title.valid_to.isoformat(),
        }


def expiring_evidence() -> Told:
    """Papers of a company library that expire within thirty days."""
    today = clock.today()
    ending = Evidence.objects.filter(removed=None, valid_to__range=(today, today + EXPIRING[0]))
    for paper in ending.select_related("organisation").order_by("pk"):
        assert paper.valid_to is not None, "the filter asks for an end"
        yield {
            "kind": "evidence_expiring",
            "origin": f"evidence_expiring:{paper.pk}:{paper.valid_to}",
            "audience": f"organisation:{paper.organisation_id}",
            "title": paper.title,
            "organisation": paper.organisation.name,
            "until": paper.valid_to.isoformat(),
        }


def ending_mandates() -> Told:
    """Powers of attorney that end within thirty days, and again within seven.

    One that the same person has a longer one beside needs no renewal.
    """
    today = clock.today()
    letters = Membership.objects.in_force().filter(basis=Membership.Basis.LETTER)
    ending = letters.filter(valid_to__lte=today + ENDING[-1])
    longer = Membership.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")),
        user=OuterRef("user"),
        organisation=OuterRef("organisation"),
        role=OuterRef("role"),
    )
    for mandate in ending.exclude(Exists(longer)).select_related("user", "organisation"):
        assert mandate.valid_to is not None, "the filter asks for an end"
        step = next(each for each in ENDING if mandate.valid_to - today <= each)
        yield {
            "kind": "mandate_ending",
            "origin": f"mandate_ending:{mandate.pk}:{mandate.valid_to}:{step.days}",
            "audience": f"organisation:{mandate.organisation_id}",
            "person": str(mandate.user),
            "organisation": mandate.organisation.name,
            "until": mandate.valid_to.isoformat(),
        }


# --- to experts and the office ------------------------------------------------------------------
def _open_tasks() -> Any:
    near = Task.objects.filter(finished=None, paused=False, due__lte=clock.today() + FAR)
    return near.select_related("case").order_by("pk")


def due_sheets() -> Told:
    """Sheets with three working days left, and again with one; the expert reads the seat's code."""
    seats = {
        (seat.case_id, seat.node, seat.expert_id): seat.code
        for seat in Seat.objects.filter(locked=None, void=None)
    }
    for task in _open_tasks().exclude(owner=None):
        code = seats.get((task.case_id, task.node, task.owner_id))
        if code is None:
            continue
        for step in _steps(calendar().left(task.due, clock.today())):
            yield {
                "kind": "sheet_due",
                "origin": f"sheet_due:{task.pk}:{task.due}:{step}",
                "case": task.case,
                "audience": f"user:{task.owner_id}",
                "code": code,
                "due": task.due.isoformat(),
            }


def due_tasks() -> Told:
    """Tasks of the office whose light turned yellow; red ones are told to its head as well."""
    nodes = set(Seat.objects.values_list("node", flat=True).distinct())
    of_office = _open_tasks().exclude(candidate__startswith=APPLICANT)
    for task, colour in alarms.coloured(of_office.exclude(node__in=nodes)):
        concerned = f"user:{task.owner_id}" if task.owner_id else f"group:{task.candidate}"
        if concerned == "group:":
            continue  # the system's own step
        assert task.due is not None, "only tasks with a day are asked for"
        for audience in [concerned, *(["group:leader"] if colour == "red" else [])]:
            yield {
                "kind": alarms.LIGHTS[colour],
                "origin": f"{alarms.LIGHTS[colour]}:{task.pk}:{task.due}",
                "case": task.case,
                "audience": audience,
                "due": task.due.isoformat(),
            }


def due_ratings() -> Told:
    """Negative ratings that still have no answer, three working days before their time is up."""
    for rating in Rating.objects.filter(answered=None, due__isnull=False).select_related(
        "event__case"
    ):
        assert rating.due is not None, "the filter asks for one"
        for step in _steps(calendar().left(rating.due, clock.today())):
            yield {
                "kind": "rating_due",
                "origin": f"rating_due:{rating.pk}:{step}",
                "case": rating.event.case,
                "audience": "group:leader",
                "due": rating.due.isoformat(),
            }


FINDERS: Mapping[str, Callable[[], Told]] = {
    "idle_drafts": idle_drafts,
    "closing_calls": closing_calls,
    "due_corrections": due_corrections,
    "due_answers": due_answers,
    "expiring_titles": expiring_titles,
    "expiring_evidence": expiring_evidence,
    "ending_mandates": ending_mandates,
    "due_sheets": due_sheets,
    "due_tasks": due_tasks,
    "due_ratings": due_ratings,
}
