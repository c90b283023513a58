"""Somebody is away: who stands in, in what, until when, and under whose names (X11)."""

import json
from datetime import date

import pytest

from tests.stages.course import found
from workflows import clock
from workflows.calendar import DAY
from workflows.errors import (
    AbsenceOver,
    AbsenceReversed,
    AbsentAlready,
    AccepterMayNotDecide,
    IssuerMayNotSeal,
    NotEntitled,
    StageClosed,
    SubstituteAway,
    SubstituteUnfit,
)
from workflows.models import Absence, Event, Task, User
from workflows.stages import absences, acceptance, desk, issuance, people, review
from workflows.stages.groups import acting

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """The same person, with what they hold now."""
    return User.objects.get(pk=user.pk)


def away(user: User, substitute: User, **narrower: object) -> Absence:
    """``user`` is away today and tomorrow."""
    days = {"starts": clock.today(), "ends": clock.today() + DAY}
    return absences.announce(
        fresh(user), substitute=fresh(substitute), by=fresh(user), **{**days, **narrower}
    )


def colleague(course, role: str, scope: str = "") -> User:
    """A new person with an office of their own."""
    person = User.objects.create(username=f"new.{role}.{scope}", name="新同事")
    return course.also(person, role, scope)


def last(course) -> dict:
    """The last entry of the trail."""
    return json.loads(Event.objects.filter(case=course.case).latest("seq").body)


# --- acting for another (X11) -------------------------------------------------------------------
def test_x11_a_task_of_an_absent_colleague_is_done_in_both_names(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    owner, substitute = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    desk.claim(task, by=owner)
    away(owner, substitute)
    by = acting(fresh(substitute), pool_entry.task("department_review"))

    review.conclude(pool_entry.case, verdict="stop", text="材料不实", by=by)

    entry = last(pool_entry)
    assert entry["actor"] == {"id": substitute.pk, "name": substitute.name}
    assert entry["for"] == {"id": owner.pk, "name": owner.name}
    done = Task.objects.get(case=pool_entry.case, node="department_review")
    assert done.owner == substitute


def test_past_acts_stay_under_the_old_name(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    owner = pool_entry.cast.officer
    desk.claim(task, by=owner)
    before = last(pool_entry)

    away(owner, colleague(pool_entry, "case_officer"))

    assert last(pool_entry) == before
    assert before["actor"]["id"] == owner.pk
    assert "for" not in before


def test_the_substitute_finds_open_and_new_tasks_within_the_scope_only(pool_entry):
    district = pool_entry.case.district
    owner = pool_entry.cast.window
    substitute = colleague(pool_entry, "district_reviewer", district)

    def finds() -> list[str]:
        open_tasks = Task.objects.filter(desk.open_to(fresh(substitute)), finished=None)
        return list(open_tasks.values_list("node", flat=True))

    found_then = [finds()]
    absence = away(owner, substitute, programme=pool_entry.case.programme_key, role="window")
    found_then.append(finds())
    Absence.objects.filter(pk=absence.pk).update(programme="another_programme")
    found_then.append(finds())

    assert found_then == [[], ["acceptance"], []]
    with pytest.raises(NotEntitled):
        desk.claim(pool_entry.task("acceptance"), by=fresh(substitute))


def test_a_district_reviewer_takes_and_accepts_for_the_window_of_the_same_district(pool_entry):
    owner = pool_entry.cast.window
    substitute = colleague(pool_entry, "district_reviewer", pool_entry.case.district)
    away(owner, substitute)

    desk.claim(pool_entry.task("acceptance"), by=fresh(substitute))
    claimed = last(pool_entry)
    by = acting(fresh(substitute), pool_entry.task("acceptance"))
    acceptance.accept(pool_entry.case, by=by)

    assert (claimed["kind"], claimed["for"]["id"]) == ("claimed", owner.pk)
    accepted = json.loads(Event.objects.get(case=pool_entry.case, kind="accepted").body)
    assert (accepted["actor"]["id"], accepted["for"]["id"]) == (substitute.pk, owner.pk)


def test_what_is_in_a_colleagues_hands_is_found_with_ones_own(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    owner, substitute = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    desk.claim(task, by=owner)
    hands = [Task.objects.filter(desk.mine(fresh(substitute))).count()]

    absence = away(owner, substitute)
    hands.append(Task.objects.filter(desk.mine(fresh(substitute))).count())
    absences.end(absence, by=fresh(owner))
    hands.append(Task.objects.filter(desk.mine(fresh(substitute))).count())

    assert hands == [0, 1, 0]


# --- the law is not got round ---------------------------------------------------------------------
def test_the_substitute_of_whoever_accepted_may_not_sign(pool_entry):
    window = pool_entry.cast.window
    pool_entry.also(window, "issuer")
    absent = fresh(window)  # accepts, and is an issuer as well
    case = pool_entry.to("signing").case
    substitute = colleague(pool_entry, "issuer")
    desk.claim(pool_entry.task("signing"), by=absent)
    away(absent, substitute, role="issuer")

    by = acting(fresh(substitute), pool_entry.task("signing"))

    assert by.stands_for is not None
    with pytest.raises(AccepterMayNotDecide):
        issuance.sign(case, by=by)


@pytest.mark.parametrize("who", ["substitute", "absent"])
def test_an_act_for_another_binds_both(pool_entry, who):
    pool_entry.to("signing")
    absent, substitute = pool_entry.cast.issuer, colleague(pool_entry, "issuer")
    desk.claim(pool_entry.task("signing"), by=absent)
    away(absent, substitute)
    issuance.sign(pool_entry.case, by=acting(fresh(substitute), pool_entry.task("signing")))
    either = {"substitute": substitute, "absent": absent}[who]
    keeper = pool_entry.also(either, "seal_keeper")

    with pytest.raises(IssuerMayNotSeal):
        issuance.seal(pool_entry.case, by=keeper)


def test_an_office_is_not_lent_beyond_its_unit(pool_entry):
    officer, district = pool_entry.cast.officer, pool_entry.case.district
    owner = colleague(pool_entry, "window", district)
    strangers = [
        colleague(pool_entry, "window", "310112"),
        colleague(pool_entry, "district_reviewer", "310112"),
        colleague(pool_entry, "department_reviewer", district),
        colleague(pool_entry, "auditor"),
        officer,
    ]

    for stranger in strangers:
        with pytest.raises(SubstituteUnfit):
            away(owner, stranger)
    away(owner, colleague(pool_entry, "window"))  # of the whole city


def test_marks_and_votes_are_nobodys_to_lend(certification):
    first, second = certification.cast.experts[:2]

    with pytest.raises(SubstituteUnfit):
        away(first, second)


def test_a_substitute_whose_own_office_ended_is_lent_nothing(pool_entry):
    owner = pool_entry.cast.window
    substitute = colleague(pool_entry, "district_reviewer", pool_entry.case.district)
    away(owner, substitute)
    people.dismiss(substitute.appointments.get(), by=None)

    with pytest.raises(NotEntitled):
        desk.claim(pool_entry.task("acceptance"), by=fresh(substitute))


# --- coming back ----------------------------------------------------------------------------------
def test_whoever_is_back_is_acted_for_no_more(pool_entry):
    owner = pool_entry.cast.window
    substitute = colleague(pool_entry, "district_reviewer", pool_entry.case.district)
    absence = away(owner, substitute)
    desk.claim(pool_entry.task("acceptance"), by=fresh(substitute))
    by = acting(fresh(substitute), pool_entry.task("acceptance"))  # the page is open

    absences.end(absence, by=fresh(owner))

    with pytest.raises(AbsenceOver):
        acceptance.accept(found(pool_entry.case), by=by)
    assert pool_entry.task("acceptance").owner is None  # back in the group's queue
    with pytest.raises(StageClosed):
        absences.end(absence, by=fresh(owner))


def test_an_absence_ends_by_itself_after_its_last_day(pool_entry):
    owner = pool_entry.cast.window
    substitute = colleague(pool_entry, "district_reviewer", pool_entry.case.district)
    away(owner, substitute)

    pool_entry.clock.move_to(clock.end_of(clock.today() + DAY) + DAY)

    assert fresh(substitute).stand_ins == []


# --- setting it -----------------------------------------------------------------------------------
def test_the_person_or_the_head_of_the_unit_sets_it(pool_entry):
    owner, substitute = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    days = {"starts": clock.today(), "ends": clock.today()}

    with pytest.raises(NotEntitled):
        absences.announce(owner, substitute=substitute, by=pool_entry.cast.window, **days)
    absence = absences.announce(
        owner, substitute=substitute, by=pool_entry.cast.leader, reason="病假", **days
    )

    told = Event.objects.filter(chain="sys:absences").latest("seq")
    facts = json.loads(told.body)["facts"]
    assert (told.kind, told.actor, facts["reason"]) == (
        "absence_set", pool_entry.cast.leader, "病假",
    )  # fmt: skip
    assert facts["username"] == owner.username
    assert absence.by == pool_entry.cast.leader


def test_an_absence_makes_sense(pool_entry):
    owner, substitute = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    other = pool_entry.also(pool_entry.cast.auditor, "case_officer")
    today = clock.today()

    for days in (
        {"starts": today, "ends": today - DAY},
        {"starts": date(2020, 1, 1), "ends": date(2020, 1, 2)},
    ):
        with pytest.raises(AbsenceReversed):
            away(owner, substitute, **days)
    away(owner, substitute)
    with pytest.raises(AbsentAlready):
        away(owner, other)
    with pytest.raises(SubstituteAway):
        away(other, owner)
    away(owner, other, starts=today + 2 * DAY, ends=today + 3 * DAY)

    assert Absence.objects.count() == 2


# --- who is asked ---------------------------------------------------------------------------------
def test_who_may_stand_in_is_found_in_two_statements_however_many_there_are(
    pool_entry, django_assert_num_queries
):
    for number in range(6):
        person = User.objects.create(username=f"near.{number}", name=f"近邻{number}")
        pool_entry.also(person, "case_officer")
    officer = fresh(pool_entry.cast.officer)
    assert officer.offices

    with django_assert_num_queries(2):
        found = absences.candidates(officer)

    assert {each.username for each in found} >= {f"near.{number}" for number in range(6)}
    assert pool_entry.cast.window not in found


def test_the_head_of_a_district_is_the_head_of_their_own_unit_only(pool_entry):
    district = pool_entry.case.district
    local = colleague(pool_entry, "leader", district)
    other = colleague(pool_entry, "leader", "999999")
    window, officer = pool_entry.cast.window, pool_entry.cast.officer

    assert window in absences.of_unit(local)
    assert officer not in absences.of_unit(local)
    assert list(absences.of_unit(other)) == [other]
    assert {window, officer} <= set(absences.of_unit(pool_entry.cast.leader))
    assert not absences.of_unit(officer)
