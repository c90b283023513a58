"""Reviews of a mark: arithmetic and procedure, within ten working days (X30)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from workflows import clock, demo
from workflows.errors import NotEntitled, RecheckLate, StageClosed
from workflows.models import Case, ReviewRequest, Seat
from workflows.stages import rechecking

pytestmark = pytest.mark.django_db
WHY = "请复核去掉最高分和最低分后的平均分。"


@pytest.fixture
def decided(carry) -> Case:
    """A case whose decision was delivered."""
    return carry("P1-001")


@pytest.fixture(autouse=True)
def delivered_today(decided):
    """The day of delivery."""
    with clock.at(decided.decision.delivered):
        yield


def test_x30_the_office_answers_with_the_mark_computed_once_more(decided, cast):
    request = rechecking.ask(decided, reason=WHY, by=demo.signer(decided.applicant))

    answered = rechecking.answer(request, text="计算无误。", by=cast.officer)

    assert answered.result == ReviewRequest.Result.STANDS
    assert answered.former == answered.found == Decimal("88.50")
    assert Case.objects.get(pk=decided.pk).events.filter(kind="review_answered").count() == 1


def test_x30_a_review_can_be_asked_for_ten_working_days_from_delivery(decided):
    last = rechecking.last_day(decided)

    with clock.at(clock.end_of(last)):
        assert rechecking.may_ask(decided)
    with (
        clock.at(clock.end_of(last) + timedelta(hours=1)),
        pytest.raises(RecheckLate),
    ):
        rechecking.ask(decided, reason=WHY, by=demo.signer(decided.applicant))


def test_x30_an_error_of_arithmetic_is_corrected_and_nobody_scores_anew(decided, cast):
    sheets = Seat.objects.filter(case=decided).order_by("pk").values_list("total", "scores")
    before = list(sheets)
    Case.objects.filter(pk=decided.pk).update(score=Decimal("80.00"))
    request = rechecking.ask(decided, reason=WHY, by=demo.signer(decided.applicant))

    answered = rechecking.answer(request, text="平均分计算有误，已更正。", by=cast.officer)

    assert answered.result == ReviewRequest.Result.CORRECTED
    assert (answered.former, answered.found) == (Decimal("80.00"), Decimal("88.50"))
    assert Case.objects.get(pk=decided.pk).score == Decimal("88.50")
    assert list(sheets.all()) == before


def test_x30_nobody_who_scored_the_case_answers(decided):
    request = rechecking.ask(decided, reason=WHY, by=demo.signer(decided.applicant))
    expert = Seat.objects.filter(case=decided).select_related("expert").first().expert
    expert.appointments.create(role="case_officer", valid_from=clock.today())

    with pytest.raises(NotEntitled):
        rechecking.answer(request, text="计算无误。", by=expert)


def test_a_second_request_waits_for_the_answer_to_the_first(decided):
    signer = demo.signer(decided.applicant)
    rechecking.ask(decided, reason=WHY, by=signer)

    with pytest.raises(StageClosed):
        rechecking.ask(decided, reason=WHY, by=signer)


def test_only_the_signer_asks(decided):
    with pytest.raises(NotEntitled):
        rechecking.ask(decided, reason=WHY, by=demo.clerk(decided.applicant))
