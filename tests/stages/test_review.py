"""The district's first review, and the department review after the opinions."""

import pytest

from workflows import demo
from workflows.errors import NotEntitled, ReasonMissing, StageClosed
from workflows.models import Document, Opinion, Segment
from workflows.models.case import State
from workflows.stages import review

pytestmark = pytest.mark.django_db


def test_a_recommended_case_is_put_to_every_department_at_once(certification):
    certification.to("district_review")

    review.recommend(certification.case, favourable=True, text="", by=certification.cast.district)

    asked = certification.case.tasks.filter(node="opinion", finished=None)
    assert certification.state == State.COUNTERSIGN
    assert set(asked.values_list("unit", "candidate")) == {
        (code, f"department_reviewer:{code}")
        for code in ("credit", "tax", "ecology", "emergency", "market", "hr")
    }
    assert certification.kinds[-2:] == ["reviewed", "consulted"]


def test_an_unfavourable_review_needs_words_and_goes_up_all_the_same(certification):
    certification.to("district_review")
    with pytest.raises(ReasonMissing):
        review.recommend(
            certification.case, favourable=False, text=" ", by=certification.cast.district
        )

    review.recommend(
        certification.case, favourable=False, text="证据不足", by=certification.cast.district
    )

    assert certification.state == State.COUNTERSIGN
    assert certification.case.opinions.get().verdict == Opinion.Verdict.NOT_RECOMMEND


def test_only_the_reviewer_of_its_district_recommends(certification):
    certification.to("district_review")

    for stranger in (demo.cast("440305").district, certification.cast.window):
        with pytest.raises(NotEntitled):
            review.recommend(certification.case, favourable=True, text="", by=stranger)


def test_the_district_recommends_once(certification):
    certification.to("opinion")

    with pytest.raises(StageClosed):
        review.recommend(
            certification.case, favourable=True, text="", by=certification.cast.district
        )


def test_a_state_owned_enterprise_is_put_to_the_owner_as_well(begin):
    course = begin("P1-001")
    applicant = course.case.applicant
    applicant.state_owned = True
    applicant.save(update_fields=["state_owned"])

    course.file().to("opinion")

    assert course.case.tasks.filter(node="opinion", unit="sasac").exists()


def test_evaluation_begins_with_a_standing_clock_and_its_notice(certification):
    certification.to("department_review")

    review.conclude(certification.case, verdict="evaluate", text="", by=certification.cast.officer)

    pause = Segment.objects.get(case=certification.case)
    assert (certification.state, certification.waiting) == (State.EVALUATING, ["panel"])
    assert (pause.ground, pause.resumed) == (Segment.Ground.EVALUATION, None)
    told = Document.objects.filter(case=certification.case).latest("pk")
    assert told.kind == "special_procedure_notice"


def test_a_file_sent_back_is_reviewed_and_countersigned_again(certification):
    certification.to("department_review")

    review.conclude(
        certification.case, verdict="back", text="请补充初审意见", by=certification.cast.officer
    )
    assert (certification.state, certification.waiting) == (State.ACCEPTED, ["district_review"])
    certification.to("panel")

    rounds = certification.case.opinions.filter(phase="countersign").values_list("round", flat=True)
    assert sorted(rounds) == [0] * 6 + [1] * 6


def test_a_stopped_case_goes_to_a_proposal_to_refuse(certification):
    certification.to("department_review")

    review.conclude(
        certification.case, verdict="stop", text="被列入名单", by=certification.cast.officer
    )

    assert (certification.state, certification.waiting) == (State.PROPOSAL, ["proposal"])
    certification.to("endorsement")
    decision = certification.case.decision
    assert (decision.outcome, decision.grants, decision.reasons) == (
        "refused",
        False,
        ["被列入名单"],
    )


@pytest.mark.parametrize("verdict", ["back", "stop"])
def test_sending_back_and_stopping_need_words(certification, verdict):
    certification.to("department_review")

    with pytest.raises(ReasonMissing):
        review.conclude(certification.case, verdict=verdict, text="", by=certification.cast.officer)


def test_only_the_office_concludes_the_department_review(certification):
    certification.to("department_review")

    for stranger in (certification.cast.district, certification.cast.departments["tax"]):
        with pytest.raises(NotEntitled):
            review.conclude(certification.case, verdict="evaluate", text="", by=stranger)
    assert certification.state == State.REVIEWING
