"""The list of tasks: one list, whatever the queue, the filter and the number of rows."""

import re
from dataclasses import replace
from datetime import timedelta
from gzip import compress
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import StandingClock
from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk, rows, words
from workflows import clock, demo, programme
from workflows.models import Edition, Task
from workflows.stages import people, suspension
from workflows.views.desk import asked as asking
from workflows.views.desk.listing import PARTS

WAITING = ["acceptance", "acceptance/second", "acceptance/third", "P1-001:sheet", "tabling"]
THREE = WAITING[:3]
MOST_STATEMENTS = 12
MOST_REQUESTS, MOST_BYTES = 8, 90_000  # of a staff page's first visit (interface 6)
ASSET = re.compile(r'(?:<link[^>]* href|<script[^>]* src)="/static/([^"]+)"')


def test_a_claimed_task_moves_from_the_queue_to_its_owner(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)

    mine = rows(browser.get(reverse("tasks")))
    unclaimed = rows(browser.get(reverse("tasks_queue", args=["unclaimed"])))
    team = rows(browser.get(reverse("tasks_queue", args=["team"])))

    others = [at(step).applicant for step in THREE[1:]]
    assert mine == [task.applicant]
    assert unclaimed == others
    assert team == [task.applicant, *others]


def test_a_window_for_the_whole_city_finds_the_tasks_of_every_district(
    at: At, cast: demo.Cast
) -> None:
    people.appoint(cast.operator, role="window", by=None)
    everywhere = desk(cast.operator)

    unclaimed = rows(everywhere.get(reverse("tasks_queue", args=["unclaimed"])))
    opened = everywhere.get(reverse("task", args=[at("acceptance").pk]))

    assert unclaimed == [at(step).applicant for step in THREE]
    assert opened.status_code == 200


@pytest.mark.parametrize("queue", ["mine", "unclaimed", "team"])
def test_the_list_costs_the_same_for_one_row_and_for_three(
    at: At, cast: demo.Cast, queue: str
) -> None:
    browser = desk(cast.window)
    for step in THREE if queue == "mine" else []:
        claimed(at(step), cast.window)
    everything = [at(step).pk for step in THREE]
    browser.get(reverse("tasks_queue", args=[queue]))  # the calendar is read once a minute
    costs = []

    for shown in (everything[:1], everything):
        Task.objects.filter(pk__in=everything).update(programme_key="another")
        Task.objects.filter(pk__in=shown).update(programme_key="enterprise_certification")
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(
                reverse("tasks_queue", args=[queue]), {"programme": "enterprise_certification"}
            )
        assert len(rows(page)) == len(shown)
        costs.append(len(statements))

    Task.objects.filter(pk__in=everything).update(programme_key="enterprise_certification")
    assert costs[0] == costs[1] <= MOST_STATEMENTS


def test_an_empty_inbox_costs_no_more_than_a_full_one(at: At, cast: demo.Cast) -> None:
    assert [at(step).node for step in THREE] == ["acceptance"] * 3  # they wait to be claimed
    browser = desk(cast.window)
    browser.get(reverse("tasks"))  # the calendar is read once a minute

    with CaptureQueriesContext(connection) as statements:
        page = browser.get(reverse("tasks"))

    assert page.context["list"].empty.post
    assert len(statements) <= MOST_STATEMENTS


def test_rows_are_grouped_by_their_due_day(
    at: At, cast: demo.Cast, standing_clock: StandingClock
) -> None:
    browser = desk(cast.window)
    due = [at(step).due for step in THREE]
    assert due[0] is not None
    groups = []

    for days in (1, 0, -1, -7):
        standing_clock.move_to(clock.start_of(due[0] + timedelta(days=days)))
        page = browser.get(reverse("tasks_queue", args=["unclaimed"]))
        groups += [group["title"] for group in page.context["list"].groups]

    assert due == [due[0]] * 3
    assert groups == [PARTS[key] for key in ("overdue", "today", "week", "later")]


def test_a_task_is_found_by_company_credit_code_and_reference(at: At, cast: demo.Cast) -> None:
    task = at("acceptance/second")
    browser = desk(cast.window)
    address = reverse("tasks_queue", args=["unclaimed"])

    asked = [task.applicant[2:6], task.case.applicant.uscc[-6:], task.reference, "没有这家"]
    found = [rows(browser.get(address, {"q": words})) for words in asked]

    assert found == [[task.applicant], [task.applicant], [task.applicant], []]


def test_the_list_is_read_newest_or_oldest_first_and_kept_so(at: At, cast: demo.Cast) -> None:
    found = [at(step) for step in THREE]
    for days, task in zip((2, 0, 1), found, strict=True):
        Task.objects.filter(pk=task.pk).update(created=clock.now() - timedelta(days=days))
    browser, address = desk(cast.window), reverse("tasks_queue", args=["unclaimed"])

    read = {sort: browser.get(address, {"sort": sort}) for sort in ("", "newest", "oldest")}
    kept = browser.post(
        reverse("saved_view_new"), {"queue": "unclaimed", "query": "sort=oldest", "name": "先到"}
    )
    names = [task.applicant for task in found]
    oldest = [names[0], names[2], names[1]]

    assert rows(read[""]) == names
    assert rows(read["newest"]) == oldest[::-1]
    assert rows(read["oldest"]) == rows(browser.get(kept.headers["Location"])) == oldest
    assert len(read["oldest"].context["list"].groups) == 1
    assert all("sort=oldest" in row.url for row in read["oldest"].context["list"].rows)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"due": "yesterday"}, 1),
        ({"due": "later", "sort": "best", "tag": "\0"}, 1),
        ({"after": "bm8gcGxhY2U", "view": "987654"}, 2),
        ({"q": "\0", "programme": "\0", "f_industry": "\0", "view": "x"}, 0),
        ({"due": "later"}, 0),
    ],
)
def test_the_list_says_what_of_an_address_it_does_not_know(
    cast: demo.Cast, asked: dict[str, str], said: int
) -> None:
    page = desk(cast.window).get(reverse("tasks_queue", args=["unclaimed"]), asked)

    assert page.status_code == 200
    assert len(page.context["misread"]) == said


def test_every_empty_list_says_of_what_there_is_none(at: At, cast: demo.Cast) -> None:
    assert at("acceptance").owner_id is None  # a house at work, but nothing for the issuer
    browser = desk(cast.issuer)
    narrowed = [{"due": each} for each in (asking.NEAR, *asking.PARTS)]
    narrowed += [{"tag": each} for each in asking.TAGS]
    lists = [(queue, {}) for queue in asking.QUEUES]
    lists += [("team", each) for each in (*narrowed, {"q": "没有这家"}, {"step": "sealing"})]

    pages = [browser.get(reverse("tasks_queue", args=[queue]), told) for queue, told in lists]
    told = [str(page.context["list"].empty.title) for page in pages]

    assert len(set(told)) == len(lists)
    assert [
        title for title, page in zip(told, pages, strict=True) if title not in words(page)
    ] == []
    assert {page.context["list"].empty.url for page in pages[len(asking.QUEUES) :]} == {
        reverse("tasks_queue", args=["team"])
    }


@pytest.mark.parametrize("place", ["inbox", "task"])
def test_a_staff_page_asks_for_eight_things_at_most_and_ninety_kilobytes(
    at: At, cast: demo.Cast, place: str
) -> None:
    browser = claimed(at("acceptance"), cast.window)
    case = reverse("task", args=[at("acceptance").pk])

    page = browser.get(reverse("tasks") if place == "inbox" else case).content
    lazy = [browser.get(case).content] if b'hx-trigger="intersect' in page else []
    assets = [Path(str(finders.find(name))).read_bytes() for name in ASSET.findall(page.decode())]

    assert len(lazy) == (place == "inbox")
    assert len(assets) >= 5
    assert 1 + len(lazy) + len(assets) <= MOST_REQUESTS
    assert sum(len(compress(each)) for each in (page, *lazy, *assets)) <= MOST_BYTES


def test_an_empty_search_offers_the_way_back(cast: demo.Cast) -> None:
    page = desk(cast.window).get(reverse("tasks_queue", args=["unclaimed"]), {"q": "没有这家"})

    assert page.context["list"].empty.url == reverse("tasks_queue", args=["unclaimed"])


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({"step": "acceptance"}, 3),
        ({"step": "tabling"}, 0),
        ({"programme": "enterprise_certification"}, 3),
        ({"programme": "another"}, 0),
        ({"due": "overdue"}, 3),
        ({"due": "later"}, 0),
        ({"due": "yesterday", "page": "no number"}, 3),
        ({"after": "no place"}, 3),
    ],
)
def test_filters_narrow_the_list_and_nonsense_asks_for_nothing(
    at: At, cast: demo.Cast, asked: dict[str, str], number: int
) -> None:
    assert [at(step).node for step in THREE] == ["acceptance"] * 3

    page = desk(cast.window).get(reverse("tasks_queue", args=["unclaimed"]), asked)

    assert len(rows(page)) == number


def test_a_house_with_two_programmes_lets_one_choose(
    cast: demo.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = programme.get("enterprise_certification")
    other = replace(known, key="another_programme")
    monkeypatch.setattr(programme, "_register", {known.key: known})
    browser, address = desk(cast.window), reverse("tasks_queue", args=["unclaimed"])
    alone = programmes(browser.get(address, {"filter": "1"}))
    edition = Edition.objects.get(programme=known.key)
    Edition.objects.create(
        programme=other.key,
        version=edition.version,
        digest="0" * 64,
        content=edition.content,
        published=edition.published,
    )
    monkeypatch.setattr(programme, "_register", {known.key: known, other.key: other})

    offered = programmes(browser.get(address, {"filter": "1"}))

    assert alone == []
    assert offered == [known.key, other.key]


def programmes(page: HttpResponse) -> list[str]:
    """The programmes the form to filter with offers."""
    return [
        key
        for each in page.context["filter"]
        if each.name == "programme"
        for key, _ in each.options
    ]


def test_the_inbox_names_no_case_its_reader_may_not_open(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    before = rows(browser.get(reverse("tasks")))

    cast.window.appointments.update(valid_to=clock.today() - timedelta(days=1))
    people.appoint(cast.window, role="district_reviewer", scope="310112", by=None)
    after = desk(cast.window).get(reverse("tasks"))

    assert before == [task.applicant]
    assert rows(after) == []
    assert after.context["counts"]["mine"] == "0"
    assert task.applicant not in words(after)


def test_an_agency_finds_no_evaluation_that_another_agency_was_given(
    at: At, cast: demo.Cast
) -> None:
    sheet = at("P1-001:sheet")
    Task.objects.filter(pk=sheet.pk).update(owner=None, status="NEW", candidate="agency_manager")
    people.appoint(
        cast.operator, role="agency_manager", organisation=at("acceptance").case.applicant, by=None
    )
    address = reverse("tasks_queue", args=["unclaimed"])

    theirs, others = (len(rows(desk(user).get(address))) for user in (cast.agency, cast.operator))

    assert (theirs, others) == (1, 0)


def test_an_expert_still_finds_their_own_sheet(at: At, cast: demo.Cast) -> None:
    sheet = at("P1-001:sheet")
    people.appoint(sheet.owner, role="window", scope="310112", by=None)

    page = desk(sheet.owner).get(reverse("tasks"))

    assert len(page.context["list"].rows) == 1
    assert sheet.applicant not in words(page)


def test_an_officer_sees_nothing_of_the_window(at: At, cast: demo.Cast) -> None:
    team = rows(desk(cast.officer).get(reverse("tasks_queue", args=["team"])))

    assert team == [at("tabling").applicant]


def test_finished_tasks_say_whether_they_were_in_time(at: At, cast: demo.Cast) -> None:
    assert at("tabling").finished is None  # on its way the window did its part

    page = desk(cast.window).get(reverse("tasks_queue", args=["done"]))

    lights = {row.light.colour for row in page.context["list"].rows}
    assert lights == {"done"}


def test_an_evaluators_task_bears_the_seat_and_never_the_company(at: At, cast: demo.Cast) -> None:
    expert = cast.experts[0]
    task = at("P1-001:sheet", unit=_seat_of(at, expert.pk))

    page = desk(expert).get(reverse("tasks"))

    assert rows(page) == [task.unit.rpartition("-")[0]]
    assert task.applicant not in words(page)
    assert task.reference not in words(page)


def _seat_of(at: At, expert: int) -> str:
    case = at("P1-001:sheet").case
    return str(case.seats.get(expert=expert).code)


def test_a_sheet_is_done_on_the_evaluators_own_page(at: At, cast: demo.Cast) -> None:
    expert = cast.experts[0]
    code = _seat_of(at, expert.pk)
    task = at("P1-001:sheet", unit=code)

    answer = desk(expert).get(reverse("task", args=[task.pk]))

    assert answer.headers["Location"] == reverse("evaluation", args=[code])


def test_a_suspended_case_stands_in_the_list_with_its_clock_paused(at: At, cast: demo.Cast) -> None:
    task = at("tabling")
    suspension.suspend(task.case, ground="litigation", reason="诉讼中", by=cast.leader)

    (row,) = desk(cast.officer).get(reverse("tasks_queue", args=["team"])).context["list"].rows

    assert row.light.colour == "pause"
    assert [tone for tone, _ in row.tags] == ["warn"]


def test_a_case_that_goes_on_is_not_overdue_for_the_days_it_stood_still(
    at: At, cast: demo.Cast, standing_clock: StandingClock
) -> None:
    task, browser = at("tabling"), desk(cast.officer)
    assert task.due is not None
    standing_clock.move_to(task.created + timedelta(days=1))
    suspension.suspend(task.case, ground="litigation", reason="诉讼中", by=cast.leader)
    standing_clock.move_to(clock.end_of(task.due + timedelta(days=20)))
    suspension.resume(task.case, by=cast.leader)

    whole = browser.get(reverse("tasks_queue", args=["team"])).context["list"]
    overdue = browser.get(reverse("tasks_queue", args=["team"]), {"due": "overdue"})

    (row,) = whole.rows
    assert row.light.colour == "green"
    assert [group["title"] for group in whole.groups] == [PARTS["later"]]
    assert rows(overdue) == []


def test_a_queue_nobody_knows_is_not_there(cast: demo.Cast) -> None:
    assert desk(cast.window).get("/tasks/elsewhere/").status_code == 404


def test_the_list_takes_no_post(cast: demo.Cast) -> None:
    assert desk(cast.window).post(reverse("tasks")).status_code == 405


def test_an_applicant_has_no_desk(at: At) -> None:
    clerk = demo.clerk(at("acceptance").case.applicant)

    assert desk(clerk).get(reverse("tasks")).status_code == 403
