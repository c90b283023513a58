"""Queues by rows alone: what they hold, in which order, page by page, and for whose eyes."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import chain, count

import pytest
from django.db.models import Q
from django.http import QueryDict

from tests import rows
from tests.guards import lifted
from workflows import clock
from workflows.models import (
    Absence,
    Appointment,
    Ballot,
    Case,
    Intent,
    Item,
    Meeting,
    MeetingMember,
    Organisation,
    Partner,
    Process,
    Seat,
    Task,
    User,
    Watch,
)
from workflows.programmes.enterprise_certification.flows import PoolEntryFlow
from workflows.stages import desk, sight
from workflows.views.desk import places, queues, reach
from workflows.views.desk.queues import Asked

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
GROUP = "window:310115"
_steps = count(1)


def officer(role: str = "window", scope: str = "310115", **given: object) -> User:
    user = rows.person()
    since = clock.today() - timedelta(days=9)
    Appointment.objects.create(user=user, role=role, scope=scope, valid_from=since, **given)
    return again(user)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def filed(**given: object) -> Case:
    return rows.case(submitted=clock.now(), **given)


def task(case: Case | None = None, **given: object) -> Task:
    case = case or filed()
    process = case.processes.first() or Process.objects.create(case=case, flow_class=PoolEntryFlow)
    facts = {
        "process": process,
        "case": case,
        "flow_task": PoolEntryFlow.acceptance,
        "flow_task_type": "HUMAN",
        "node": f"step{next(_steps)}",
        "candidate": GROUP,
        "reference": case.reference,
        "programme_key": case.programme_key,
        "applicant": case.applicant.name,
    }
    return Task.objects.create(**{**facts, **given})


def listed(found: Iterable[Task]) -> list[int]:
    return [each.pk for each in found]


def walked(user: User, asked: Asked) -> list[list[int]]:
    """Every page of a list, from the top to its end."""
    pages = []
    while True:
        page = queues.page_of(user, asked)
        pages.append(listed(page.rows))
        if not page.following:
            return pages
        asked = Asked(asked.queue, after=page.following)


# --- pages ----------------------------------------------------------------------------------------
@pytest.fixture
def long_queue(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Fourteen tasks in the order of the list: by due day, then without one, then paused."""
    monkeypatch.setattr(queues, "PER_PAGE", 3)
    today = clock.today()
    days: list[date | None] = [today + timedelta(days=n // 2) for n in range(6)]
    made = [task(due=day) for day in [*days, *[None] * 4]]
    made += [task(due=day, paused=True) for day in (today, today, None, None)]
    for each in made:
        each.refresh_from_db()
    return listed(made)


def test_pages_lead_through_the_whole_queue_and_back(long_queue: list[int]) -> None:
    reader = officer()

    onwards = walked(reader, Asked("unclaimed"))
    after = Asked("unclaimed", after=queues.page_of(reader, Asked("unclaimed")).following)
    second = queues.page_of(reader, after)
    third = queues.page_of(reader, Asked("unclaimed", after=second.following))
    back = queues.page_of(reader, Asked("unclaimed", after=third.previous))
    top = queues.page_of(reader, Asked("unclaimed", after=back.previous))

    assert onwards == [long_queue[n : n + 3] for n in range(0, 14, 3)]
    assert listed(back.rows) == listed(second.rows) == long_queue[3:6]
    assert listed(top.rows) == long_queue[:3]
    assert top.previous == ""


def test_a_reader_of_several_groups_finds_them_merged_in_one_order(long_queue: list[int]) -> None:
    everywhere = officer(scope="")
    Task.objects.filter(pk__in=long_queue[::2]).update(candidate="window:310112")
    Task.objects.filter(pk__in=long_queue[1::4]).update(candidate="window:310151")

    assert list(chain(*walked(everywhere, Asked("unclaimed")))) == long_queue
    assert queues.counts(everywhere)["unclaimed"] == len(long_queue)


def test_a_page_whose_rows_went_shows_the_last_one(long_queue: list[int]) -> None:
    reader = officer()
    first = queues.page_of(reader, Asked("unclaimed"))
    Task.objects.filter(pk__in=long_queue[3:]).update(candidate="")

    page = queues.page_of(reader, Asked("unclaimed", after=first.following))

    assert listed(page.rows) == long_queue[:3]
    assert (page.following, page.previous) == ("", "")


@pytest.mark.parametrize(
    "after",
    ["x", "", "W10", "bnVsbA", "WzEsdHJ1ZSwiMjAyNiIsMV0", "W3RydWUsZmFsc2UsIjk5IiwxXQ", "é"],
)
def test_a_place_nobody_gave_shows_the_first_page(long_queue: list[int], after: str) -> None:
    page = queues.page_of(officer(), Asked("unclaimed", after=after))

    assert listed(page.rows) == long_queue[:3]


def test_what_follows_is_exact_at_any_depth(long_queue: list[int]) -> None:
    reader, asked = officer(), Asked("unclaimed")
    found = Task.objects.in_bulk(long_queue)

    following = [queues.following(reader, asked, found[key]) for key in long_queue]

    assert following == [*long_queue[1:], long_queue[0]]


def test_a_single_task_is_followed_by_none() -> None:
    only = task()

    assert queues.following(officer(), Asked("unclaimed"), only) is None


def test_finished_tasks_stand_with_the_latest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PER_PAGE", 2)
    reader, now = officer(), clock.now()
    made = [
        task(owner=reader, status="DONE", finished=now - timedelta(days=n // 2)) for n in range(5)
    ]

    expected = [made[1], made[0], made[3], made[2], made[4]]
    assert list(chain(*walked(reader, Asked("done")))) == listed(expected)


# --- what a queue holds ---------------------------------------------------------------------------
def test_what_is_put_off_or_decided_leaves_the_list() -> None:
    reader = officer()
    mine, tomorrow, today, decided = (task(owner=reader, status="ASSIGNED") for _ in range(4))
    Task.objects.filter(pk=tomorrow.pk).update(snoozed=clock.today() + timedelta(days=1))
    Task.objects.filter(pk=today.pk).update(snoozed=clock.today())
    now = clock.now()
    Intent.objects.create(task=decided, by=reader, kind="decide", made=now, due=now)

    assert listed(queues.page_of(reader, Asked("mine")).rows) == listed([mine, today])
    assert listed(queues.page_of(reader, Asked("snoozed")).rows) == [tomorrow.pk]
    assert listed(queues.tasks(reader, Asked("mine"))) == listed([mine, today])
    assert queues.counts(reader)["mine"] == 2

    Intent.objects.update(state="undone")

    assert queues.counts(reader)["mine"] == 3


def test_a_watched_case_stands_in_the_list_once_and_only_while_it_may_be_read() -> None:
    reader = officer()
    here, elsewhere = filed(district="310115"), filed(district="310112")
    shown = task(here, candidate="leader")
    task(here, candidate="finance")
    task(elsewhere, candidate="leader")
    for case in (here, elsewhere):
        Watch.objects.create(case=case, user=reader, since=clock.now())

    assert listed(queues.page_of(reader, Asked("watching")).rows) == [shown.pk]
    assert queues.counts(reader)["watching"] == 1


def test_a_count_goes_on_past_what_the_reader_may_not_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "CAP", 2)
    monkeypatch.setattr(queues, "PER_PAGE", 2)
    reader, now = officer(), clock.now()
    hidden = [task(filed(district="310112"), due=clock.today()) for _ in range(3)]
    seen = [task(due=clock.today() + timedelta(days=1)) for _ in range(2)]

    assert queues.counts(reader)["unclaimed"] == len(seen)
    assert listed(queues.page_of(reader, Asked("unclaimed")).rows) == listed(seen)
    assert queues.following(reader, Asked("unclaimed"), hidden[0]) == seen[0].pk
    assert now <= clock.now()


def test_filters_ask_for_round_tag_and_answers() -> None:
    reader = officer()
    stands = rows.walked("submitted", "accepted", "suspended", submitted=clock.now())
    plain, other = task(), task(stands, paused=True, due=clock.today())
    asked = {
        "round": Asked("unclaimed", round=other.case.round.key),
        "suspended": Asked("unclaimed", tag="suspended"),
        "paused": Asked("unclaimed", due="paused"),
    }
    for case, answers in ((plain, {"a": "x", "b": True}), (other, {"a": ["y", "x"], "n": 5})):
        for number, told in enumerate(({"a": "old"}, answers), 1):
            _submitted(case.case, number, told)

    def found(**answers: str) -> list[int]:
        wanted = Asked("unclaimed", answers=tuple(answers.items()))
        return listed(queues.page_of(reader, wanted).rows)

    assert {key: listed(queues.page_of(reader, each).rows) for key, each in asked.items()} == {
        key: [other.pk] for key in asked
    }
    assert found(a="x") == listed([plain, other])
    assert [found(a="old"), found(b="true"), found(n="5"), found(a="x", b="true")] == [
        [], [plain.pk], [other.pk], [plain.pk],
    ]  # fmt: skip


def _submitted(case: Case, number: int, answers: dict[str, object]) -> None:
    case.submissions.create(
        number=number,
        answers=answers,
        derived={},
        transcript={},
        files=[],
        assessment={},
        content_hash="0" * 64,
        language="zh-hans",
        submitted=clock.now(),
        by=case.created_by,
    )


def test_an_address_says_what_is_asked_and_is_read_again() -> None:
    text = "q=x&round=r1&due=paused&tag=stand_in&f_b=2&f_a=1&f_A=no&view=7&after=abc&page=3&tag2=1"
    asked = Asked.of(QueryDict(text), "team")

    assert asked.answers == (("a", "1"), ("b", "2"))
    assert Asked.of(QueryDict(asked.query(after=asked.after, page=3)), "team") == asked
    assert "after" not in asked.query()
    assert "f_a" not in asked.query(answers=())


def test_one_sees_what_one_finds_in_a_colleagues_stead() -> None:
    reader, away, operator = officer(scope="310112"), officer(), rows.person()
    Appointment.objects.create(
        user=reader, role="window", scope="", valid_from=clock.today() - timedelta(days=1)
    )
    Absence.objects.create(
        user=away,
        substitute=reader,
        starts=clock.today(),
        ends=clock.today(),
        by=operator,
        made=clock.now(),
    )
    theirs = task(owner=away, status="ASSIGNED")
    own = task(owner=reader, status="ASSIGNED")

    page = queues.page_of(again(reader), Asked("mine"))
    stead = queues.page_of(again(reader), Asked("mine", tag="stand_in"))

    assert listed(page.rows) == listed([theirs, own])
    assert listed(stead.rows) == [theirs.pk]


# --- the old rule and the new one -----------------------------------------------------------------
def formerly_visible(user: User) -> set[int]:
    """The rule of sight as it was first written: joins, and DISTINCT where they repeat a case."""
    filed_ones = Q(submitted__isnull=False)
    evaluating = Q(agency=None, state="evaluating", tasks__candidate="agency_manager")
    sight_ = Q(applicant__in=user.organisations())
    if vouched := user.vouched():
        sight_ |= Q(pk__in=Partner.objects.told(vouched).values("case"))
    for office in user.offices:
        district = filed_ones & Q(district=office.scope) if office.scope else filed_ones
        sight_ |= {
            "window": district,
            "district_reviewer": district,
            "department_reviewer": Q(tasks__candidate=office.candidacy),
            "agency_manager": (Q(agency=office.organisation_id) & ~Q(agency=None)) | evaluating,
            "expert": Q(seats__expert=user.pk, seats__void=None),
            "checker": Q(seats__expert=user.pk, seats__void=None),
            "member": Q(items__meeting__members__user=user.pk),
            "operator": Q(pk__in=[]),
        }.get(office.role, filed_ones)
    return set(Case.objects.filter(sight_).distinct().values_list("pk", flat=True))


def formerly_readable(user: User) -> set[int]:
    recused = Ballot.objects.filter(choice="recused", member__user=user)
    found = Case.objects.filter(pk__in=formerly_visible(user), submitted__isnull=False)
    found = found.exclude(seats__expert=user).exclude(pk__in=recused.values("item__case"))
    return set(found.values_list("pk", flat=True))


def test_everybody_sees_what_they_saw_before_each_case_once() -> None:
    agencies = [rows.organisation(kind="agency") for _ in range(2)]
    people = [
        officer(role, scope, organisation=agencies[0] if role == "agency_manager" else None)
        for role in Appointment.Role.values
        for scope in ("", "310112")
    ]
    cases = _asked_of_many(agencies)
    _recused(people[23], cases[:6], chair=people[0])
    _seated_twice(people[15], cases[3:7])
    of_two = officer("window", "310112")
    Appointment.objects.create(
        user=of_two, role="department_reviewer", scope="", valid_from=clock.today()
    )

    with lifted():
        Case.objects.filter(pk__in=[case.pk for case in cases[::3]]).update(state="evaluating")
        for user in map(again, [*people, of_two, rows.person()]):
            seen = list(Case.objects.visible_to(user).values_list("pk", flat=True))
            read = list(sight.readable(user).values_list("pk", flat=True))
            tasks = set(Task.objects.filter(reach.readable(user)).values_list("case", flat=True))

            assert sorted(seen) == sorted(formerly_visible(user))
            assert sorted(read) == sorted(formerly_readable(user))
            assert tasks == formerly_readable(user)


def _asked_of_many(agencies: list[Organisation]) -> list[Case]:
    """Drafts and filed cases of two districts, with agencies and without, each asked twice."""
    cases = [
        rows.case(
            submitted=clock.now() if number % 4 else None,
            district=("310112", "310115")[number % 2],
            agency=(None, *agencies)[number % 3],
        )
        for number in range(12)
    ]
    for number, case in enumerate(cases):
        department = f"department_reviewer:{'310112' if number % 2 else ''}"
        for candidate in ("agency_manager", department):
            task(case, candidate=candidate)
            task(case, candidate=candidate)
    return cases


def _recused(member: User, cases: list[Case], *, chair: User) -> None:
    """``member`` sits in the meeting on ``cases`` and recused themselves from the first two."""
    meeting = Meeting.objects.create(number="1", title="会", held=clock.now(), convenor=chair)
    seat = MeetingMember.objects.create(meeting=meeting, user=member, unit="")
    for number, case in enumerate(cases):
        item = Item.objects.create(meeting=meeting, case=case, position=number, proposal="x")
        if number < 2:
            Ballot.objects.create(item=item, member=seat, choice="recused", cast=clock.now())


def _seated_twice(expert: User, cases: list[Case]) -> None:
    """``expert`` has a seat in two rounds of each of ``cases``, every second one void."""
    for number, case in enumerate(cases):
        void = clock.now() if number % 2 else None
        for round_ in (1, 2):
            Seat.objects.create(
                case=case, round=round_, node="sheet", number=1, expert=expert, void=void,
                code=f"S{number}{round_}", drawn=clock.now(),
            )  # fmt: skip


def test_exact_names_reach_every_group_a_beginning_reached() -> None:
    everywhere = officer(scope="")
    for candidate in ("window", "window:", "window:310115", "window:310151", "windows:1", "leader"):
        task(candidate=candidate)

    by_name = set(Task.objects.filter(desk.open_to(everywhere)))

    begun = Q(candidate="window") | Q(candidate__startswith="window:")
    assert by_name == set(Task.objects.filter(begun))
    assert places.read("", places.OPEN_ONES) is None
