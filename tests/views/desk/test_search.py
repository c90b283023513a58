"""The search box of the office: what opens, what is listed, and for whom."""

import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from tests import rows
from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk, words
from workflows import demo
from workflows import search as finding
from workflows.models import Ballot, Case, Item, Meeting, MeetingMember, Passage, Seat, User
from workflows.stages import indexing, people

WAITING = ["acceptance", "P1-001:district_review", "opinion"]
SCRIPT = "<script>alert(1)</script>天衣无缝"


@pytest.fixture
def entered(at: At) -> dict[str, Case]:
    """The cases of the module's world by their steps, all of them in the index."""
    cases = {step: at(step).case for step in WAITING}
    for case in cases.values():
        indexing.enter(case)
    return cases


def search(user: User, asked: str, **given: str) -> HttpResponse:
    return desk(user).get(reverse("search"), {"q": asked, **given})


def listed(page: HttpResponse) -> list[tuple[str, list[str]]]:
    return [
        (str(title), [row.case.reference for row in rows])
        for title, _, rows in page.context["groups"]
    ]


def everywhere(cases: dict[str, Case]) -> str:
    """Words that every one of ``cases`` says in its answers, and nothing else of it."""
    rows = [(case.pk, "X-0000", "0000", [], SCRIPT, {}) for case in cases.values()]
    for case in cases.values():
        case.passages.all().delete()
    indexing.enter_in_bulk(rows)
    return "天衣无缝"


# --- what opens -----------------------------------------------------------------------------------
def test_the_one_case_that_is_meant_opens_at_once(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    case = entered["opinion"]
    full_width = "".join(chr(ord(each) + 0xFEE0) for each in case.reference)

    opened = [
        search(cast.officer, asked)
        for asked in (case.reference, f" {full_width.lower()} ", case.applicant.uscc[-6:])
    ]

    assert {page.status_code for page in opened} == {303}
    assert {page.headers["Location"] for page in opened} == {
        reverse("case_file", args=[case.reference])
    }


def test_who_has_it_in_hand_is_taken_to_the_task(
    entered: dict[str, Case], at: At, cast: demo.Cast
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)

    page = browser.get(reverse("search"), {"q": task.case.reference})

    assert page.headers["Location"] == reverse("task", args=[task.pk])


def test_a_whole_number_opens_its_case_though_others_speak_of_it(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    one, other, _ = entered.values()
    other.passages.all().delete()
    indexing.enter_in_bulk([(other.pk, "X-0000", "0000", [], "", {"a": ("a", one.reference)})])

    page = search(cast.officer, one.reference)

    assert page.headers["Location"] == reverse("case_file", args=[one.reference])


# --- what is listed -------------------------------------------------------------------------------
def test_several_are_listed_by_why_they_were_found_with_the_words_marked(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    one, two, three = sorted(entered.values(), key=lambda case: case.pk)
    for case in (one, two, three):
        case.passages.all().delete()
    indexing.enter_in_bulk(
        [
            (one.pk, "X-1", "1", ["鲲鹏机床"], "鲲鹏", {"a": ("证书.pdf", "鲲鹏")}),
            (two.pk, "X-2", "2", ["某厂"], "与鲲鹏共建", {}),
            (three.pk, "X-3", "3", ["某校"], "无", {"a": ("协议.pdf", "甲方：鲲鹏")}),
        ]
    )

    page = search(cast.officer, "鲲鹏")

    assert listed(page) == [
        ("单位名称", [one.reference]),
        ("填报内容", [two.reference]),
        (str(indexing.Kind.FILE.label), [three.reference]),
    ]
    assert page.content.decode().count("<mark>鲲鹏</mark>") == 3
    assert "协议.pdf" in words(page)


def test_what_an_applicant_wrote_is_shown_and_never_run(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    asked = everywhere(entered)

    page = search(cast.officer, asked)

    assert "<script>alert" not in page.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>天衣无缝</mark>" in page.content.decode()


def test_long_lists_go_on_where_they_ended(
    entered: dict[str, Case], cast: demo.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, seen, page_of = everywhere(entered), [], finding.page
    monkeypatch.setattr(
        finding, "page", lambda words, readable, after: page_of(words, readable, after, 1)
    )
    address = reverse("search") + f"?q={asked}"
    browser = desk(cast.officer)

    while address:
        page = browser.get(address)
        seen += [reference for _, rows in listed(page) for reference in rows]
        more = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = more[1].replace("&amp;", "&") if more else ""

    newest_first = sorted(entered.values(), key=lambda case: -case.pk)
    assert seen == [case.reference for case in newest_first]


@pytest.mark.parametrize(
    "asked", ["", "  ", "鲲鹏展翅", '"', "x' OR 1=1 --", "甲\0乙", "<b>甲</b>"]
)
def test_nothing_found_says_what_to_try(
    entered: dict[str, Case], cast: demo.Cast, asked: str
) -> None:
    page = search(cast.officer, asked)

    assert page.status_code == 200
    assert listed(page) == []
    assert "<b>甲</b>" not in page.content.decode()
    told = gettext("Nothing found for “%(words)s”") % {"words": asked.strip()}
    assert (told in words(page)) == (asked in ("鲲鹏展翅", "x' OR 1=1 --", '"', "<b>甲</b>"))


@pytest.mark.parametrize("after", ["x", "9.1", "2.", ".2", "2.-1", f"2.{9**30}", "２.x"])
def test_a_place_that_makes_no_sense_begins_anew(
    entered: dict[str, Case], cast: demo.Cast, after: str
) -> None:
    assert len(listed(search(cast.officer, everywhere(entered), after=after))) == 1


# --- for whom -------------------------------------------------------------------------------------
def test_a_reader_finds_the_cases_they_may_read_and_no_others(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    asked = everywhere(entered)
    elsewhere = rows.person()
    people.appoint(elsewhere, role="window", scope="310104", by=None)

    officer, tax = search(cast.officer, asked), search(cast.departments["tax"], asked)
    agency, window = search(cast.agency, asked), search(User.objects.get(pk=elsewhere.pk), asked)

    assert len(listed(officer)[0][1]) == 3
    assert tax.headers["Location"] == reverse("case_file", args=[entered["opinion"].reference])
    assert (listed(agency), listed(window)) == ([], [])


@pytest.mark.broken_books  # a seat and a ballot that no verb gave
def test_whoever_evaluates_a_case_or_recused_themselves_finds_nothing_of_it(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    case, leader, officer = entered["opinion"], cast.leader, cast.officer
    drawn = case.round.opens
    Seat.objects.create(case=case, expert=leader, round=1, number=9, code="X", drawn=drawn)
    recuse(case, officer)

    found = [search(user, asked) for user in (leader, officer) for asked in asking(case)]

    assert [(page.status_code, listed(page)) for page in found] == [(200, [])] * 6


def asking(case: Case) -> list[str]:
    return [case.reference, case.applicant.uscc, case.reference[-6:]]


def recuse(case: Case, user: User) -> None:
    known = case.round.opens
    meeting = Meeting.objects.create(number="M-1", title="会议", held=known, convenor=user)
    item = Item.objects.create(meeting=meeting, case=case, position=1, proposal="granted")
    member = MeetingMember.objects.create(meeting=meeting, user=user, unit="某局")
    Ballot.objects.create(item=item, member=member, choice=Ballot.Choice.RECUSED, cast=known)


def test_the_box_stands_on_every_page_of_those_who_may_search(at: At, cast: demo.Cast) -> None:
    box = f'action="{reverse("search")}"'

    officer = desk(cast.officer).get(reverse("absences")).content.decode()
    auditor = desk(cast.auditor).get(reverse("cases")).content.decode()
    operator = desk(cast.operator).get(reverse("jobs")).content.decode()

    assert (box in officer, box in auditor, box in operator) == (True, True, False)
    assert re.search(r'<input type="search" name="q"[^>]*data-key="/"', officer)


def test_a_page_of_hits_costs_the_same_statements_however_many_there_are(
    entered: dict[str, Case], cast: demo.Cast
) -> None:
    asked, browser = everywhere(entered), desk(cast.officer)
    browser.get(reverse("search"), {"q": asked})

    with CaptureQueriesContext(
        connection,
    ) as many:
        browser.get(reverse("search"), {"q": asked})
    Passage.objects.filter(case=entered["opinion"]).delete()
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("search"), {"q": asked})

    assert len(many) == len(few) <= 16


@pytest.mark.parametrize("after", ["1.999999999999999999", "4.0", "1.0"])
def test_a_place_beyond_all_cases_is_no_fault_of_ours(
    entered: dict[str, Case], cast: demo.Cast, after: str
) -> None:
    answer = search(cast.officer, everywhere(entered), after=after)

    assert answer.status_code in (200, 303)
