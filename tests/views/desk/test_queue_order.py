"""A queue in another order, by words of what was filed, and by answers, page by page."""

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest

from tests import rows
from tests.views.desk.test_queues import filed, listed, officer, task
from workflows import clock, search, search_ranges
from workflows.models import Case, Seat, Task
from workflows.stages import indexing
from workflows.views.desk import places, queues
from workflows.views.desk.asked import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]


def came(hours: int, **given: object) -> Task:
    """A task that came so many hours ago, due the later the longer it is there."""
    made = task(due=clock.today() + timedelta(days=hours), **given)
    Task.objects.filter(pk=made.pk).update(created=clock.now() - timedelta(hours=hours))
    return made


def filled(case: Case, answers: dict[str, object]) -> None:
    given = {
        "number": 1, "answers": answers, "derived": {}, "transcript": {}, "files": [],
        "assessment": {}, "content_hash": "0" * 64, "language": "zh-hans",
    }  # fmt: skip
    case.submissions.create(submitted=clock.now(), by=rows.person(), **given)


def said(case: Case, answers: str = "", paper: str = "") -> None:
    files = {"a": ("协议.pdf", paper)}
    numbers = case.reference, case.applicant.uscc, [case.applicant.name]
    indexing.enter_in_bulk([(case.pk, *numbers, answers, files)])


def found(asked: Asked, reader: object) -> list[int]:
    """The whole of a list by its pages; the same as what is acted on, and as what is counted."""
    pages: list[int] = []
    start = asked
    while True:
        page = queues.page_of(reader, asked)
        pages += listed(page.rows)
        if not page.following:
            break
        asked = Asked(asked.queue, sort=asked.sort, q=asked.q, after=page.following)
    assert pages == listed(queues.tasks(reader, start))
    assert queues.numbers(reader, {"it": start}) == {"it": len(pages)}
    return pages


# --- order ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("queue", ["mine", "unclaimed", "team"])
def test_a_queue_stands_by_the_day_its_tasks_came(
    queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "PER_PAGE", 2)
    reader = officer()
    own = {"owner": reader, "status": "ASSIGNED"} if queue == "mine" else {}
    made = [came(hours, **own) for hours in (4, 1, 3, 2, 5)]

    by_age = listed(sorted(made, key=lambda each: each.due))
    assert found(Asked(queue), reader) == by_age
    assert found(Asked(queue, sort="newest"), reader) == by_age
    assert found(Asked(queue, sort="oldest"), reader) == by_age[::-1]
    first = queues.page_of(reader, Asked(queue, sort="oldest"))
    second = queues.page_of(reader, Asked(queue, sort="oldest", after=first.following))
    third = queues.page_of(reader, Asked(queue, sort="oldest", after=second.following))
    back = queues.page_of(reader, Asked(queue, sort="oldest", after=third.previous))
    assert listed(back.rows) == listed(second.rows) == by_age[::-1][2:4]


def test_a_place_of_another_order_shows_the_first_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PER_PAGE", 2)
    reader = officer()
    for hours in (3, 1, 2):
        came(hours)
    urgent = queues.page_of(reader, Asked("unclaimed"))

    page = queues.page_of(reader, Asked("unclaimed", sort="newest", after=urgent.following))

    assert listed(page.rows) == listed(urgent.rows)
    assert page.previous == ""


def test_finished_tasks_stand_with_the_first_done_first_if_asked() -> None:
    reader, now = officer(), clock.now()
    made = [
        task(owner=reader, status="DONE", finished=now - timedelta(days=days)) for days in (1, 3, 2)
    ]

    latest = listed([made[0], made[2], made[1]])
    assert found(Asked("done", sort="oldest"), reader) == latest[::-1]
    assert found(Asked("done", sort="newest"), reader) == latest


# --- words ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("few", "common"), [(300, 32), (0, 32), (300, 0)], ids=["few", "many", "many of the newest"]
)
def test_a_list_is_narrowed_by_company_number_code_answers_and_papers(
    few: int, common: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search_ranges, "FEW", common)
    reader = officer()
    named, answered, papered, neither = (task(filed(), applicant=each) for each in "甲乙丙丁")
    said(answered.case, answers="主营 工业软件，智能制造")
    said(papered.case, answers="智能制造", paper="恒越精密的协议")
    said(neither.case, answers="工业 制造")

    def narrowed(words: str) -> list[int]:
        return found(Asked("unclaimed", q=words), reader)

    assert narrowed("甲") == listed([named])
    assert narrowed(named.reference[-4:]) == listed([named])
    assert narrowed(neither.case.applicant.uscc[-6:].lower()) == listed([neither])
    assert narrowed("智能制造") == listed([answered, papered])
    assert narrowed("越精 智能") == listed([papered])
    assert narrowed("工业软件") == listed([answered])
    assert narrowed("青铜器") == narrowed("越精 软件") == []


def test_a_blind_sheet_is_not_found_by_what_its_reader_may_not_know() -> None:
    reader = officer("expert", "")
    sheet = task(filed(), owner=reader, status="ASSIGNED", node="sheet", candidate="")
    Seat.objects.create(
        case=sheet.case, round=1, node="sheet", number=1, expert=reader, code="S1",
        drawn=clock.now(),
    )  # fmt: skip
    said(sheet.case, answers="智能制造")
    filled(sheet.case, {"industry": "C39"})

    assert listed(queues.page_of(reader, Asked("mine")).rows) == [sheet.pk]
    assert found(Asked("mine", answers=(("industry", "C39"),)), reader) == []
    for words in (sheet.applicant, sheet.reference, "智能制造"):
        assert found(Asked("mine", q=words), reader) == []


# --- answers --------------------------------------------------------------------------------------
def test_an_answer_of_several_is_found_and_a_part_of_one_is_not() -> None:
    reader = officer()
    for told in ({"a": ["x", "y%"]}, {"a": "xy"}, {"a": True, "b": "x"}, {"a": None, "b": 7}, {}):
        filled(task().case, told)
    order = listed(queues.tasks(reader, Asked("unclaimed")))

    def answering(**told: str) -> list[int]:
        asked = Asked("unclaimed", answers=tuple(told.items()))
        return [order.index(key) for key in listed(queues.page_of(reader, asked).rows)]

    assert [answering(a=told) for told in ("x", "y%", "xy", "true", "y_", "None", "[")] == [
        [0], [0], [1], [2], [], [], [],
    ]  # fmt: skip
    assert [answering(b="x"), answering(b="7"), answering(a="true", b="x"), answering(c="x")] == [
        [2], [3], [2], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        '[true,false,"2025-01-01",Infinity]',
        '[true,"0001-01-01T00:00:00+10:00",5]',
        '[true,"9999-12-31T23:59:59-10:00",5]',
    ],
)
def test_a_place_that_no_list_has_is_no_place(told: str) -> None:
    text = urlsafe_b64encode(told.encode()).decode()

    orders = [queues.order_of(Asked("mine", sort=sort)) for sort in ("", "newest", "oldest")]

    assert [places.read(text, order) for order in orders] == [None] * 3
