"""The supervisor's page: its figures against the rows, who counts what, exports, its cost."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests.conftest import StandingClock
from tests.stages import course as courses
from tests.stages.course import CERTIFICATION, POOL_ENTRY, Course
from tests.views.desk.people import desk, words
from workflows import clock, demo, districts, programme, statistics
from workflows.edition import Edition as Rules
from workflows.edition import canonical, digest
from workflows.models import Appointment, Case, Edition, Round, Segment, Task, User
from workflows.stages import (
    acceptance,
    corrections,
    deliberation,
    people,
    review,
    supplements,
    suspension,
)
from workflows.views import flow_chart
from workflows.views.desk.stats.asked import Asked
from workflows.views.desk.stats.counted import Counted
from workflows.views.desk.stats.parts import PARTS
from workflows.working_days import calendar

DAY = timedelta(days=1)
PLAIN = {"c5_claim": False, "c5_investments": []}
HOSTILE = '=HYPERLINK("http://x.example","y")'


@pytest.fixture
def course(call: Round, standing_clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Course:
    """An application for the pool, filed on Monday 7 September; tasks begin by the same clock."""
    created = Task._meta.get_field("created")
    courses.plain_papers(monkeypatch)
    monkeypatch.setattr(created, "_get_default", lambda: clock.now(), raising=False)
    return courses.begun(POOL_ENTRY, standing_clock, call, **PLAIN).file()


def counted(user: User, query: str = "") -> Counted:
    return Counted(user, Asked.of(QueryDict(query)))


def table(known: Counted, part: str) -> dict[Any, tuple[Any, ...]]:
    """The rows of a part by their first cell."""
    return {row[0]: tuple(row[1:]) for row in PARTS[part](known).rows}


def slowly(course: Course, *nodes: str) -> Course:
    """Everyone does their part a day and a bit after the former one, until ``nodes`` wait."""
    while not set(nodes) & set(course.waiting):
        course.clock.pass_(days=1, hours=3)
        course.step()
    return course


# --- one case on its way --------------------------------------------------------------------------
def test_a_case_on_its_way_is_counted_as_looking_at_every_row_counts_it(course: Course) -> None:
    officer, way = course.cast.officer, []
    for step in ("acceptance", "district_review", "proposal", "tabling", "issuing"):
        slowly(course, step)
        if step == "issuing":
            course.papers()
        found = counted(officer).course
        way.append((found.filed, found.accepted, found.evaluated, found.carried, found.granted))

    assert way == [
        (1, 0, 0, 0, 0), (1, 1, 0, 0, 0), (1, 1, 1, 0, 0), (1, 1, 1, 1, 0), (1, 1, 1, 1, 1)
    ]  # fmt: skip
    took, known = looked_at(course.case), counted(officer)
    assert {node: each.cases for node, each in known.durations.items()} == {
        node: len(flat) for node, flat in took.items()
    }
    for node, flat in took.items():
        assert known.durations[node].median == flat[(len(flat) + 1) // 2 - 1], node
        assert known.durations[node].ninetieth == flat[-(-9 * len(flat) // 10) - 1], node
    _is_the_clock_account(course.case, known)
    _names_nobody_who_evaluates(course, known)
    expert = course.also(course.seats[0].expert, Appointment.Role.LEADER)
    assert (counted(course.cast.leader).course.filed, counted(expert).course.filed) == (1, 0)


def looked_at(case: Case) -> dict[str, list[int]]:
    """The plain reference: working days of every task that was done, by step, in order."""
    took: dict[str, list[int]] = {}
    for task in Task.objects.filter(case=case, status="DONE"):
        assert task.finished is not None
        start, end = (clock.local(each).date() for each in (task.created, task.finished))
        took.setdefault(task.node, []).append(calendar().count(start, end))
    return {node: sorted(flat) for node, flat in took.items()}


def _is_the_clock_account(case: Case, known: Counted) -> None:
    pauses = list(Segment.objects.filter(case=case).values_list("paused", "resumed"))
    assert pauses
    assert case.accepted is not None
    assert case.decided is not None
    start, end = (clock.local(each).date() for each in (case.accepted, case.decided))
    whole = known.whole
    assert whole is not None
    assert whole.median == calendar().elapsed(start, end, pauses) < calendar().count(start, end)
    assert (whole.cases, whole.measured, whole.kept) == (1, 1, 1)


def _names_nobody_who_evaluates(course: Course, known: Counted) -> None:
    page = desk(course.cast.leader).get(reverse("stats"))
    done = {(each.group.partition(":")[0], each.person): each.done for each in known.loads}
    checkers = [str(seat.expert) for seat in course.seats]
    assert done["window", str(course.cast.window)] == 1
    assert done["expert", ""] == len(checkers) > 0
    assert str(course.cast.window) in words(page)
    assert not [name for name in checkers if name in words(page)]


def test_days_on_which_the_case_stood_still_are_left_out(course: Course) -> None:
    course.clock.pass_(days=2)  # Wednesday 9 September
    acceptance.accept(course.case, by=course.cast.window)
    course.clock.pass_(days=1)  # Thursday: one working day used
    suspension.suspend(course.case, ground="litigation", reason="诉讼", by=course.cast.leader)
    still = table(counted(course.cast.leader), "ages")
    course.clock.pass_(days=28)  # Thursday four weeks later, past the last day
    suspension.resume(course.case, by=course.cast.leader)
    back = [(each.open, each.overdue) for each in counted(course.cast.leader).loads if each.open]
    course.clock.pass_(days=1)  # Friday
    review.recommend(course.case, favourable=True, text="属实", by=course.cast.district)

    known = counted(course.cast.officer)
    found = known.durations

    assert (found["acceptance"].median, found["district_review"].median) == (2, 2)
    assert found["district_review"].share == 100
    assert back == [(1, 0)]
    assert list(still.values()) == [(0,), (0,), (0,), (0,), (1,)]


def test_nobody_is_overdue_while_an_applicant_is_asked_nor_for_those_days_afterwards(
    course: Course,
) -> None:
    due = course.to("district_review").task("district_review").due
    assert due is not None
    supplements.ask(course.case, questions=["资金来源"], days=15, by=course.cast.district)
    course.clock.move_to(clock.start_of(due + DAY) + timedelta(hours=9))
    seen = [told(course)]
    supplements.answer(course.case, answers={1: "自有资金"}, note="", by=course.signer)
    seen.append(told(course))
    last = course.task("district_review").due
    assert last is not None
    course.clock.move_to(clock.start_of(last + DAY) + timedelta(hours=9))

    seen.append(told(course))

    assert seen == [(0, 1, 0, 0), (0, 0, 1, 0), (1, 0, 0, 1)]


def told(course: Course) -> tuple[int, int, int, int]:
    """What is overdue by people; what stands still, is in time, and is red by lights."""
    known = counted(course.cast.leader)
    late = sum(each.overdue for each in known.loads)
    lights = known.lights
    return late, lights.still, lights.green + lights.yellow, lights.red


def test_lights_ages_and_loads_tell_what_is_open(course: Course) -> None:
    due = course.task("acceptance").due
    assert due is not None
    seen = []
    for day in (clock.today(), due, due + 3 * DAY):
        course.clock.move_to(clock.start_of(day) + timedelta(hours=10))
        known = counted(course.cast.officer)
        now = known.lights
        ages = [number for (number,) in table(known, "ages").values()]
        seen.append(((now.green, now.yellow, now.red), ages))
        assert PARTS["lights"](known).rows[-1] == (day.isoformat(), now.red, now.yellow, now.green)

    assert seen == [
        ((1, 0, 0), [1, 0, 0, 0, 0]), ((0, 1, 0), [1, 0, 0, 0, 0]), ((0, 0, 1), [0, 1, 0, 0, 0])
    ]  # fmt: skip
    (load,) = known.loads
    assert (load.person, load.open, load.overdue, load.done) == ("", 1, 1, 0)


def test_what_is_promised_is_what_the_cases_own_edition_promises(course: Course) -> None:
    own = course.case.edition
    content = json.loads(own.content)
    limit = content["procedures"]["pool_entry"]["limits"]["completeness"]
    days = limit["days"]
    limit["days"] = days + 7
    rules = Rules.model_validate({**content, "version": "2099.1"})
    Edition.objects.create(
        programme=own.programme, version=rules.version, digest=digest(rules),
        content=canonical(rules), published=own.published + DAY,
    )  # fmt: skip

    known = counted(course.cast.officer)

    assert known.promise("acceptance").working == [days]
    assert str(known.promise("sheet")) == ""  # nothing of it is counted


# --- reasons --------------------------------------------------------------------------------------
def test_reasons_are_counted_by_their_codes_and_corrections_are_nobodys_work(
    course: Course, call: Round
) -> None:
    first, second = corrections.reasons(course.case)[:2]
    items = [{"target": "", "reason": code, "text": "请补正"} for code in (first, first, second)]
    corrections.return_once(course.case, items=items, by=course.cast.window)
    other = courses.begun(CERTIFICATION, course.clock, call).file()
    reasons = other.case.procedure.reasons
    refused = next(code for code, each in reasons.items() if "non_acceptance" in each.papers)
    acceptance.refuse_acceptance(
        other.case, reason=refused, text="不属于受理范围", by=other.cast.window
    )

    known = counted(course.cast.officer, "flow=enterprise_certification:pool_entry")

    assert {(each.paper, each.procedure, each.code, each.count) for each in known.reasons} == {
        ("correction", "pool_entry", first, 1),
        ("correction", "pool_entry", second, 1),
        ("non_acceptance", "certification", refused, 1),
    }
    assert known.lights == statistics.Lights(clock.today(), 0, 0, 0)
    assert not [each for each in known.loads if each.open]
    assert (
        dict(zip(flow_names(known), PARTS["flow"](known).rows, strict=True))["correction"][1] == 1
    )


def flow_names(known: Counted) -> list[str]:
    """The steps of the flow that is drawn."""
    key = known.drawn
    return flow_chart.names(programme.get(key[0]).flow_of(known.procedures[key]))


def test_a_refusal_gives_the_codes_of_its_sentences_and_own_words_as_one(course: Course) -> None:
    course.to("proposal")
    known = course.case.procedure.reasons
    code = next(code for code, each in known.items() if "refusal" in each.papers)
    deliberation.propose(
        course.case,
        outcome_=course.case.procedure.refusal,
        finding="不符合",
        reasons=[known[code].zh, "第一条自拟理由", "第二条自拟理由"],
        by=course.cast.officer,
    )
    course.to("issuing").papers()

    found = counted(course.cast.officer).reasons

    assert course.state == Case.State.REFUSED
    assert {(each.paper, each.code, each.count) for each in found} == {
        ("refusal", code, 1), ("refusal", "", 1)
    }  # fmt: skip


# --- who counts what ------------------------------------------------------------------------------
def test_filters_and_districts_say_which_cases_count(course: Course) -> None:
    officer, district = course.cast.officer, course.case.district
    told = {
        "": 1,
        "programme=enterprise_certification": 1,
        "programme=project_funding": 0,
        "programme=no-such": 1,
        "round=no-such": 0,
        f"district={district}": 1,
        "district=310104": 0,
        "since=2026-02-31": 1,
        "since=9999-01-01&until=0001-01-01": 0,
        "since=2026-09-08": 0,
    }
    course.clock.pass_(days=1)

    assert {query: counted(officer, query).course.filed for query in told} == told
    own, other = head("head-pudong", district), head("head-elsewhere", "310104")
    assert (counted(own).course.filed, counted(other).course.filed) == (1, 0)
    assert counted(other, f"district={district}").course.filed == 0
    page = desk(other).get(reverse("stats"))
    assert page.context["districts"] == [("310104", "徐汇区")]


def head(username: str, district: str) -> User:
    """A head of office of one district."""
    user = User.objects.create(username=username, name=username)
    people.appoint(user, role=Appointment.Role.LEADER, scope=district, by=None)
    return User.objects.get(pk=user.pk)


def test_a_house_without_editions_has_no_flow_to_draw(office: None) -> None:
    known = counted(demo.cast("310115").leader)
    known.editions = {}

    part = PARTS["flow"](known)

    assert (known.drawn, list(part.rows), list(part.charts)) == (None, [], [])


def test_a_house_without_cases_has_nothing_to_count_and_others_have_no_page(office: None) -> None:
    cast = demo.cast("310115")
    names: tuple[tuple[str, list[str]], ...] = (
        ("stats", []), ("stats_csv", ["loads"]), ("stats_xlsx", ["all"])
    )  # fmt: skip

    page = desk(cast.officer).get(reverse("stats"))
    refused = {
        desk(stranger).get(reverse(name, args=args)).status_code
        for stranger in (cast.agency, cast.window, cast.experts[0])
        for name, args in names
    }
    unknown = {
        desk(cast.officer).get(reverse(name, args=[part])).status_code
        for name, part in (("stats_csv", "all"), ("stats_csv", "x"), ("stats_xlsx", "x"))
    }

    parts = page.context["parts"]
    assert {key for key, part in parts.items() if not part.rows} == {
        "ages", "steps", "loads", "course", "reasons"
    }  # fmt: skip
    assert words(page).count("本期没有可统计的数据") == 5
    assert (refused, unknown) == ({403}, {404})


# --- the page -------------------------------------------------------------------------------------
def test_the_page_costs_the_same_for_one_case_and_for_two_and_draws_no_few(
    course: Course, call: Round
) -> None:
    course.to("opinion")
    browser = desk(course.cast.officer)
    browser.get(reverse("stats"))
    costs = []
    for _filed in (1, 2):
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(reverse("stats"))
        costs.append((page.context["parts"]["course"].rows[0][1], len(statements)))
        if _filed == 1:
            _is_a_table_and_no_chart(page)
            courses.begun(CERTIFICATION, course.clock, call).file()

    assert [filed for filed, _cost in costs] == [1, 2]
    assert costs[0][1] == costs[1][1] <= 18
    _is_harmless_to_take_away(course)


def _is_a_table_and_no_chart(page: Any) -> None:
    shown = {key for key, part in page.context["parts"].items() if part.charts}
    assert shown <= {"flow", "loads", "ages"}  # the opinions asked for are five and more
    assert "少于 5 件，不显示分布图" in words(page)


def _is_harmless_to_take_away(course: Course) -> None:
    User.objects.filter(pk=course.cast.window.pk).update(name=HOSTILE)
    browser = desk(course.cast.officer)
    files = {key: browser.get(reverse("stats_csv", args=[key])) for key in PARTS}
    book = browser.get(reverse("stats_xlsx", args=["all"]), {"district": course.case.district})

    assert {answer.status_code for answer in files.values()} == {200}
    lines = list(csv.reader(io.StringIO(files["loads"].content.decode("utf-8-sig"))))
    assert f"'{HOSTILE}" in {cell for line in lines for cell in line}
    assert all(not cell.startswith("=") for line in lines for cell in line)
    sheets = load_workbook(io.BytesIO(book.content))
    cells = [cell for page in sheets for row in page for cell in row]
    assert len(sheets.sheetnames) == len(PARTS)
    assert HOSTILE in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert districts.called(course.case.district) in str(sheets.worksheets[0]["A1"].value)


def test_the_period_is_a_quarter_unless_told_and_never_longer_than_three_years() -> None:
    told = Asked.of(QueryDict("since=1999-01-01&until=2026-06-30"))
    plain = Asked.of(QueryDict(""))

    assert (told.until, told.since) == (date(2026, 6, 30), date(2026, 6, 30) - 1098 * DAY)
    assert plain.until == clock.today()
    assert timedelta(weeks=13) <= plain.until - plain.since < timedelta(weeks=14)
    assert plain.since.weekday() == 0
