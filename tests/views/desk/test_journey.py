"""A certification goes all the way through the pages, each step by whoever it belongs to."""

from django.test import Client
from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import decide, desk
from workflows import clock, demo
from workflows.models import Case, Event, Job, Meeting, Seat, Task, User
from workflows.models.case import State
from workflows.stages import deliberation, evaluation, panel, publication

WAITING = ["P1-001:acceptance"]
COMPLETENESS = "in_scope no_other_case licence signed credit_report evidence finance plan reports"
REVIEW = "basics_true integrity conditions_proved interns_protected enough_conditions pool_year"


def take(user: User, node: str, **narrow: object) -> tuple[Client, Task]:
    """``user`` claims the one open task of ``node`` and has it before them."""
    browser = desk(user)
    task = Task.objects.select_related("case").get(node=node, finished=None, **narrow)
    assert browser.post(reverse("task_claim", args=[task.pk])).status_code == 303
    page = browser.get(reverse("task", args=[task.pk]))
    assert page.context["form"] is not None
    return browser, task


def done(user: User, node: str, do: str, *, unit: str = "", **given: object) -> Task:
    """``user`` decides the task of ``node`` on its page."""
    browser, task = take(user, node, unit=unit)
    answer = decide(browser, task, do, **given)
    assert answer.status_code == 303, answer.context["form"].errors
    return task


def test_from_acceptance_to_the_seal(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:acceptance").case

    done(cast.window, "acceptance", "accept", decision="accept", **_in_order(COMPLETENESS))
    done(cast.district, "district_review", "recommend", decision="recommend", text="同意推荐。")
    for department in Task.objects.filter(case=case, node="opinion").values_list("unit", flat=True):
        reviewer = cast.departments[department]
        done(reviewer, "opinion", "opinion", unit=department, decision="no_objection")
    done(
        cast.officer,
        "department_review",
        "conclude",
        decision="evaluate",
        **_in_order(REVIEW),
    )
    _drawn_and_seated(cast)
    _marked(case)
    done(cast.officer, "proposal", "propose", outcome="certified", finding="满足条件，得分合格。")
    done(cast.leader, "endorsement", "endorse")
    _tabled_and_passed(cast)
    done(cast.officer, "publication", "publish")
    _notice_runs_out(case)
    done(cast.issuer, "signing", "sign")
    done(cast.seal, "sealing", "seal")

    case = Case.objects.get(pk=case.pk)
    told = list(
        Event.objects.filter(case=case, duty__gt="").order_by("seq").values_list("duty", flat=True)
    )
    assert case.state == State.SIGNING
    assert case.decision.sealed_by == cast.seal
    assert [duty for duty in told if duty not in ("evaluate", "approve")] == [
        "accept",
        "sign",
        "seal",
    ]
    assert Job.objects.filter(case=case, kind="issue_document", state=Job.State.READY).exists()


def _in_order(codes: str) -> dict[str, str]:
    return {f"check__{code}": "yes" for code in codes.split()}


def _drawn_and_seated(cast: demo.Cast) -> None:
    browser, task = take(cast.agency, "panel")

    drawn = decide(browser, task, "panel", decision="draw").context["form"]["experts"].value()
    chosen = User.objects.filter(pk__in=drawn)
    backgrounds = {office.background for user in chosen for office in user.offices}
    answer = decide(browser, task, "panel", decision="seat", experts=drawn)

    assert len(set(drawn)) == 7
    assert {"industry", "school"} <= backgrounds
    assert answer.status_code == 303


def _marked(case: Case) -> None:
    parts = evaluation.parts(case.procedure.evaluation)
    points = {part.code: part.maximum for part in parts} | evaluation.computed_points(case)
    for seat in Seat.objects.filter(case=case, void=None).select_related("expert", "case"):
        panel.declare(seat, by=seat.expert)
        evaluation.score(seat, points=points, remarks={}, by=seat.expert)


def _tabled_and_passed(cast: demo.Cast) -> None:
    browser, task = take(cast.officer, "tabling")
    empty = browser.get(reverse("task", args=[task.pk]))
    meeting = deliberation.convene(
        number="2026-77",
        title="联席会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        by=cast.officer,
    )

    answer = decide(browser, task, "table", meeting=str(meeting.pk))

    assert empty.context["form"].offers() == []
    assert answer.status_code == 303
    _vote(meeting, cast, task.case)


def _vote(meeting: Meeting, cast: demo.Cast, case: Case) -> None:
    people = [member for member, _unit in cast.members]
    deliberation.attend(meeting, users=people, by=cast.convenor)
    for member in people:
        deliberation.vote(case, choice="agree", reason="", by=member)
    ballot = Task.objects.filter(node="ballot", owner=people[0]).get()
    page = desk(people[0]).get(reverse("task", args=[ballot.pk]))
    assert page.headers["Location"] == reverse("commission_item", args=["2026-77", case.reference])
    resolution = Task.objects.get(node="resolution", finished=None)
    page = desk(cast.convenor).get(reverse("task", args=[resolution.pk]))
    assert page.headers["Location"] == reverse("meeting", args=["2026-77"])
    deliberation.resolve(case, by=cast.convenor)


def _notice_runs_out(case: Case) -> None:
    entry = publication.running_entry(case)
    with clock.at(clock.end_of(entry.notice.closes)):
        publication.close_notice(case)
