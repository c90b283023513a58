"""Conference, notice and seal at the same moment: one effect, never a crash; and the pages."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.races import race
from tests.stages.course import Course, found
from tests.stages.racing import THREADS, eager, raced
from workflows import clock, demo
from workflows.errors import StageClosed
from workflows.models import (
    Certificate,
    Item,
    Meeting,
    NoticeEntry,
    Number,
    Objection,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    deliberation,
    issuance,
    panel,
    publication,
    suspension,
)

pytestmark = pytest.mark.django_db(transaction=True)


# --- the conference and its agenda --------------------------------------------------------------
def test_a_panel_is_formed_once(pool_entry):
    case, experts = pool_entry.to("panel").case, pool_entry.cast.checkers[:2]

    done, refused = raced(
        eager(lambda: panel.form_panel(found(case), experts=experts, by=pool_entry.cast.officer))
    )

    assert (len(done), {type(each) for each in refused}) == (1, {StageClosed})
    assert len(pool_entry.seats) == 2


def test_a_meeting_is_called_once(pool_entry):
    cast = pool_entry.cast
    told = {"number": "2026-09", "title": "联席会议", "held": clock.now()}

    done, refused = raced(
        eager(
            lambda: deliberation.convene(
                **told, members=cast.members, convenor=cast.convenor, by=cast.officer
            )
        )
    )

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert Meeting.objects.get().members.count() == 7


def test_two_cases_tabled_at_once_have_two_places(pool_entry, certification):
    courses = [pool_entry.to("tabling"), certification.to("tabling")]
    cast = pool_entry.cast
    meeting = deliberation.convene(
        number="2026-09",
        title="联席会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        by=cast.officer,
    )

    def table(course: Course) -> Item:
        return deliberation.table(found(course.drive.case), meeting=meeting, by=cast.officer)

    done, refused = raced([lambda course=course: table(course) for course in courses * 3])

    assert (len(done), len(refused)) == (2, 4)
    assert sorted(meeting.items.values_list("position", flat=True)) == [1, 2]


def test_two_proposals_are_one(pool_entry):
    case = pool_entry.to("proposal").case
    another = pool_entry.also(pool_entry.cast.auditor, "case_officer")

    def propose(by: User) -> None:
        deliberation.propose(found(case), outcome_="entered_pool", finding="", reasons=[], by=by)

    done, refused = raced(
        [lambda by=by: propose(by) for by in [pool_entry.cast.officer, another] * 4]
    )

    assert (len(done), {type(each) for each in refused}) == (1, {StageClosed})
    assert (pool_entry.waiting, pool_entry.kinds.count("proposed")) == (["endorsement"], 1)


# --- the notice ---------------------------------------------------------------------------------
def test_a_case_stands_on_one_notice(pool_entry):
    case, officer = pool_entry.to("publication").case, pool_entry.cast.officer

    done, refused = raced(eager(lambda: publication.publish([found(case)], by=officer)))

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert NoticeEntry.objects.count() == 1


def test_an_objection_in_the_last_moment_and_the_end_of_the_notice_do_not_both_happen(pool_entry):
    case = pool_entry.to("notice").case
    entry = publication.running_entry(case)
    pool_entry.clock.move_to(clock.end_of(entry.notice.closes))

    def object_() -> Objection:
        return publication.file_objection(
            entry,
            objector="某公司",
            contact_name="刘一诺",
            phone="13800009999",
            is_unit=True,
            facts="人数不实",
        )

    done, refused = raced([object_, lambda: publication.close_notice(found(case))])

    assert (len(done), len(refused)) == (1, 1)
    assert pool_entry.state == (State.OBJECTION if Objection.objects.exists() else State.SIGNING)


def test_objections_at_once_are_all_taken_and_hold_the_entry_once(pool_entry):
    entry = publication.running_entry(pool_entry.to("notice").case)
    claim = {
        "objector": "某公司",
        "contact_name": "刘一诺",
        "phone": "13800009999",
        "is_unit": True,
        "facts": "人数不实",
    }

    done, refused = raced(eager(lambda: publication.file_objection(entry, **claim), 4))

    assert (len(done), refused) == (4, [])
    assert sorted(Objection.objects.values_list("number", flat=True)) == [
        f"YY-2026-001-1-{number}" for number in (1, 2, 3, 4)
    ]
    assert (pool_entry.state, pool_entry.waiting) == (State.OBJECTION, ["objection"])


# --- the decision -------------------------------------------------------------------------------
def test_a_decision_is_signed_and_sealed_once(pool_entry, plain_papers):
    case, cast = pool_entry.to("signing").case, pool_entry.cast

    signed, _ = raced(eager(lambda: issuance.sign(found(case), by=cast.issuer)))
    sealed, refused = raced(eager(lambda: issuance.seal(found(case), by=cast.seal)))
    pool_entry.papers()

    assert (len(signed), len(sealed), len(refused)) == (1, 1, THREADS - 1)
    assert Number.objects.count() == 2
    assert Certificate.objects.count() == 1


def test_a_seal_and_a_suspension_do_not_both_happen(pool_entry, plain_papers):
    case, cast = pool_entry.to("sealing").case, pool_entry.cast
    told = {"ground": "litigation", "reason": "诉讼", "by": cast.leader}

    done, refused = raced(
        [
            lambda: issuance.seal(found(case), by=cast.seal),
            lambda: suspension.suspend(found(case), **told),
        ]
    )
    pool_entry.papers()

    assert (len(done), len(refused)) == (1, 1)
    assert pool_entry.state in (State.GRANTED, State.SUSPENDED)


def test_receipt_is_confirmed_once(pool_entry, plain_papers):
    case, signer = pool_entry.to("issuing").papers().case, pool_entry.signer

    done, refused = raced(eager(lambda: issuance.acknowledge(found(case), by=signer)))

    assert (len(done), refused) == (THREADS, [])  # whoever asks again has their receipt
    assert pool_entry.kinds.count("receipt_confirmed") == 1


def test_two_cases_sealed_at_once_have_numbers_without_a_gap(pool_entry, certification):
    courses = [pool_entry.to("sealing"), certification.to("sealing")]
    seal = pool_entry.cast.seal

    done, refused = raced(
        [
            lambda course=course: issuance.seal(found(course.drive.case), by=seal)
            for course in courses
        ]
    )

    assert (len(done), refused) == (2, [])
    decisions = Number.objects.filter(text__contains="联办").values_list("serial", flat=True)
    assert sorted(decisions) == [1, 2]


# --- through the pages --------------------------------------------------------------------------
def pressed(user: User, course: Course, node: str) -> Callable[[], int]:
    """``user`` pressing the button of the open task ``node``; gives the answer's status."""
    client, task = Client(), course.task(node)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("task_decide", args=[task.pk])
    form = {"do": "recommend", "decision": "recommend", "text": ""}
    return lambda: client.post(address, form).status_code


def test_a_double_click_on_a_decision_decides_once(pool_entry):
    pool_entry.to("district_review")
    district = pool_entry.cast.district

    statuses = race([pressed(district, pool_entry, "district_review") for _ in range(THREADS)])

    assert sorted(statuses, key=str) == [303] + [409] * (THREADS - 1)
    assert pool_entry.kinds.count("reviewed") == 1


def test_the_task_of_another_desk_is_not_there_however_often_it_is_pressed(
    pool_entry, certification
):
    pool_entry.to("district_review")
    certification.to("district_review")
    stranger = demo.cast("440305").district

    statuses = race(
        [
            pressed(stranger, course, "district_review")
            for course in (pool_entry, certification)
            for _ in range(4)
        ]
    )

    assert statuses == [404] * 8
    assert pool_entry.kinds.count("reviewed") == certification.kinds.count("reviewed") == 0
