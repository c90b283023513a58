"""The public notice: full days, objections in time, and only the named entry held."""

import json
from datetime import date, timedelta

import pytest

from tests.stages.course import MINUTE, Course
from workflows import clock
from workflows.errors import (
    NotEntitled,
    NotYetDue,
    ObjectionIncomplete,
    ObjectionLate,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Event, Message, NoticeEntry, Objection, Segment
from workflows.models.case import State
from workflows.stages import publication, suspension, withdrawal

pytestmark = pytest.mark.django_db
CLAIM = {
    "objector": "沪上某某公司",
    "contact_name": "刘一诺",
    "phone": "13800009999",
    "is_unit": True,
    "facts": "实习人数与事实不符。",
}


@pytest.fixture
def published(pool_entry: Course) -> Course:
    """The case stands on a running notice since Monday the 7th."""
    return pool_entry.to("notice")


@pytest.fixture
def two(begin, pool_entry: Course) -> tuple[Course, Course]:
    """Two cases on one list."""
    other = begin(
        "P1-002",
        c5_claim=False,
        c5_investments=[],
        uscc="91310113MAYY1A0887",
        org_name="上海云岭新材料科技有限公司",
    ).file()
    both = (pool_entry.to("publication"), other.to("publication"))
    publication.publish([each.case for each in both], by=pool_entry.cast.officer)
    return both


def entry(course: Course) -> NoticeEntry:
    return NoticeEntry.objects.select_related("case", "notice").get(
        case=course.case, removed=None, closed=None
    )


def answer(course: Course, objection: Objection, result: str = "not_upheld", effect: str = ""):
    publication.answer_objection(
        objection, result=result, answer="经核查。", effect=effect, by=course.cast.officer
    )


# --- publishing ---------------------------------------------------------------------------------
def test_a_notice_counts_the_day_it_is_published_and_five_working_days(published):
    notice = entry(published).notice

    assert (notice.opens, notice.closes) == (date(2026, 9, 7), date(2026, 9, 11))
    assert entry(published).facts == {
        "org_name": "上海禾川颐养服务集团有限公司",
        "uscc": "91310110MAYY1A029Q",
        "district_code": "310110",
        "industry_field": "health_elderly_childcare",
        "name": "上海禾川颐养服务集团有限公司",
        "outcome": "entered_pool",
    }


def test_a_notice_over_a_holiday_ends_later(pool_entry):
    pool_entry.to("publication").clock.move_to(clock.start_of(date(2026, 9, 21)))

    pool_entry.to("notice")

    assert entry(pool_entry).notice.closes == date(2026, 9, 28)  # Friday is Mid-Autumn


def test_a_list_holds_answers_as_they_are_and_not_what_was_not_asked(pool_entry, monkeypatch):
    rules = pool_entry.to("publication").case.procedure
    asked = ("employees_total", "c2_internships", "pool_no")  # the last is for certification only
    notice = rules.notice.model_copy(update={"publishes": asked})
    changed = rules.model_copy(update={"notice": notice})
    monkeypatch.setattr(Case, "procedure", property(lambda case: changed))

    pool_entry.to("notice")

    facts, answers = entry(pool_entry).facts, pool_entry.case.filed.answers
    assert {code: facts.get(code) for code in asked} == {
        "employees_total": answers["employees_total"],
        "c2_internships": answers["c2_internships"],
        "pool_no": None,
    }


def test_a_list_without_a_case_is_not_published(pool_entry):
    with pytest.raises(ValueError, match="at least one case"):
        publication.publish([], by=pool_entry.cast.officer)


def test_only_the_office_publishes(pool_entry):
    pool_entry.to("publication")

    with pytest.raises(NotEntitled):
        publication.publish([pool_entry.case], by=pool_entry.cast.leader)


@pytest.mark.parametrize("node", ["acceptance", "proposal", "notice"])
def test_only_what_passed_the_conference_is_published_and_once(pool_entry, node):
    pool_entry.to(node)

    with pytest.raises(StageClosed):
        publication.publish([pool_entry.case], by=pool_entry.cast.officer)


def test_one_list_holds_one_procedure(pool_entry, certification):
    cases = [pool_entry.to("publication").case, certification.to("publication").case]

    with pytest.raises(StageClosed):
        publication.publish(cases, by=pool_entry.cast.officer)

    assert not NoticeEntry.objects.exists()


def test_a_notice_closes_when_its_last_day_has_ended_and_not_before(published):
    closes = entry(published).notice.closes
    published.clock.move_to(clock.end_of(closes) - MINUTE)
    published.timers()
    with pytest.raises(NotYetDue):
        publication.close_notice(published.case)
    assert published.state == State.NOTICE

    published.pass_time_limit(closes)

    assert (published.state, published.waiting) == (State.SIGNING, ["signing"])


# --- objecting ----------------------------------------------------------------------------------
def test_an_objection_in_the_last_minute_is_in_time_and_one_after_it_is_late(published):
    closes = clock.end_of(entry(published).notice.closes)
    published.clock.move_to(closes)
    held = entry(published)
    publication.file_objection(held, **CLAIM)
    assert published.state == State.OBJECTION

    published.clock.move_to(closes + timedelta(microseconds=1))
    with pytest.raises(ObjectionLate):
        publication.file_objection(held, **CLAIM)

    assert Objection.objects.count() == 1


@pytest.mark.parametrize("missing", ["objector", "contact_name", "phone", "facts"])
def test_an_objection_has_a_name_a_way_back_and_facts(published, missing):
    with pytest.raises(ObjectionIncomplete):
        publication.file_objection(entry(published), **{**CLAIM, missing: " "})

    assert published.state == State.NOTICE


def test_an_objection_holds_the_named_entry_and_no_other(two):
    named, other = two
    publication.file_objection(entry(named), **CLAIM)

    named.pass_time_limit(entry(named).notice.closes)

    assert (named.state, named.waiting) == (State.OBJECTION, ["objection"])
    assert (other.state, other.waiting) == (State.SIGNING, ["signing"])


def test_the_author_of_an_objection_stays_secret_from_the_applicant(published):
    publication.file_objection(entry(published), **CLAIM)
    published.timers()

    (told,) = Message.objects.filter(kind="objected").values_list("facts", flat=True).distinct()
    assert told == {"reference": published.case.reference}


def test_the_decision_clock_stands_while_an_objection_is_looked_into(published):
    objection = publication.file_objection(entry(published), **CLAIM)
    assert Segment.objects.filter(ground="objection", resumed=None).exists()

    answer(published, objection)

    assert not Segment.objects.filter(resumed=None).exists()


# --- answering ----------------------------------------------------------------------------------
def test_an_objection_without_ground_lets_the_notice_run_on(published):
    objection = publication.file_objection(entry(published), **CLAIM)

    answer(published, objection)
    assert (published.state, published.waiting) == (State.NOTICE, ["notice"])
    published.pass_time_limit(entry(published).notice.closes)

    assert published.state == State.SIGNING


def test_an_objection_answered_after_the_last_day_closes_the_notice(published):
    objection = publication.file_objection(entry(published), **CLAIM)
    published.pass_time_limit(entry(published).notice.closes)

    answer(published, objection, "inadmissible")

    assert (published.state, published.waiting) == (State.SIGNING, ["signing"])


def test_an_entry_is_held_until_the_last_objection_is_answered(published):
    first = publication.file_objection(entry(published), **CLAIM)
    second = publication.file_objection(entry(published), **CLAIM)

    answer(published, first)
    assert (published.state, published.waiting) == (State.OBJECTION, ["objection"])
    answer(published, second)

    assert published.state == State.NOTICE
    assert [first.number, second.number] == ["YY-2026-001-1-1", "YY-2026-001-1-2"]


def test_an_upheld_objection_takes_the_entry_off_the_list(published):
    objection = publication.file_objection(entry(published), **CLAIM)

    answer(published, objection, "upheld", "remove")

    assert (published.state, published.waiting) == (State.PROPOSAL, ["proposal"])
    assert NoticeEntry.objects.get().removed == clock.now()


def test_an_upheld_objection_may_have_the_case_weighed_again(published):
    objection = publication.file_objection(entry(published), **CLAIM)

    answer(published, objection, "upheld", "evaluate")
    assert (published.state, published.waiting) == (State.EVALUATING, ["panel"])
    published.to("signing")

    assert published.case.evaluation_round == 2
    assert NoticeEntry.objects.exclude(closed=None).count() == 1


def test_an_entry_that_left_its_list_cannot_be_objected_to(published):
    first = entry(published)
    objection = publication.file_objection(first, **CLAIM)
    answer(published, objection, "upheld", "remove")
    published.to("notice")
    assert entry(published).notice != first.notice

    with pytest.raises(StageClosed):
        publication.file_objection(first, **CLAIM)

    assert published.state == State.NOTICE


def test_an_answer_has_words_an_effect_and_an_office_behind_it(published):
    objection = publication.file_objection(entry(published), **CLAIM)
    told = {"result": "upheld", "answer": "属实", "effect": "remove", "by": published.cast.officer}

    with pytest.raises(ReasonMissing):
        publication.answer_objection(objection, **{**told, "answer": " "})
    with pytest.raises(NotEntitled):
        publication.answer_objection(objection, **{**told, "by": published.cast.leader})
    with pytest.raises(ValueError, match="no effect"):
        publication.answer_objection(objection, **{**told, "effect": ""})

    assert published.state == State.OBJECTION


def test_an_upheld_objection_settles_the_others_and_the_trail_names_them(published):
    first = publication.file_objection(entry(published), **CLAIM)
    second = publication.file_objection(entry(published), **CLAIM)

    answer(published, first, "upheld", "remove")

    second.refresh_from_db()
    told = json.loads(Event.objects.get(kind="objection_answered").body)
    assert (second.result, second.answered_by) == ("settled", published.cast.officer)
    assert told["facts"]["settled"] == [second.number]
    assert publication.open_objections(published.case) == []


def test_an_objection_is_answered_once(published):
    first = publication.file_objection(entry(published), **CLAIM)
    publication.file_objection(entry(published), **CLAIM)
    answer(published, first)

    with pytest.raises(StageClosed):
        answer(published, first, "upheld", "remove")

    assert Objection.objects.get(pk=first.pk).result == "not_upheld"


# --- leaving ------------------------------------------------------------------------------------
def test_a_case_taken_back_during_the_notice_leaves_the_list(two):
    gone, other = two

    withdrawal.ask(gone.case, reason="业务调整", by=gone.signer)
    withdrawal.consent(gone.case, by=gone.cast.officer)

    removed = NoticeEntry.objects.exclude(removed=None).values_list("case", flat=True)
    assert list(removed) == [gone.case.pk]
    other.pass_time_limit(entry(other).notice.closes)
    assert (gone.state, other.state) == (State.WITHDRAWN, State.SIGNING)


def test_a_notice_that_ended_while_the_case_stood_still_closes_afterwards(published):
    leader = published.cast.leader
    suspension.suspend(published.case, ground="litigation", reason="诉讼", by=leader)
    published.pass_time_limit(entry(published).notice.closes)
    assert published.state == State.SUSPENDED

    suspension.resume(published.case, by=leader)
    published.timers()

    assert (published.state, published.waiting) == (State.SIGNING, ["signing"])
