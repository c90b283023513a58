"""Nothing of a group becomes final while the group is unsettled."""

import pytest

from tests.stages import deciding
from tests.stages.deciding import found
from tests.stages.ranking.deeds import (
    correct,
    object_to,
    on_notice,
    rank,
    take_back,
)
from workflows import clock, jobs
from workflows.errors import (
    GroupUnsettled,
    RankingStale,
    RankingUnsigned,
)
from workflows.models import (
    Job,
)
from workflows.models.case import State
from workflows.stages import (
    confirmation,
    publication,
    ranking,
    suspension,
)

pytestmark = pytest.mark.django_db


# --- until the group is settled nothing becomes final ---------------------------------------------
def test_x55_a_notice_does_not_end_while_the_group_must_be_ranked_again(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    take_back(three["a"], cast)

    with pytest.raises(GroupUnsettled):
        deciding.close(three["b"])
    rank(three, cast, reason="公示期内撤回")
    deciding.close(three["b"])

    assert three["b"].entries.latest("pk").facts["place"] == "1"
    assert found(three["b"]).state == State.SIGNING


def test_a_notice_does_not_end_on_an_order_nobody_has_countersigned(three, cast, standing_clock):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    correct(three["b"], I24=95)
    standing_clock.pass_(minutes=2)
    made = rank(three, cast, approve=False, reason="更正")

    with pytest.raises(GroupUnsettled):
        deciding.close(three["b"])
    ranking.approve(made, by=cast.leader)
    deciding.close(three["b"])

    assert found(three["b"]).state == State.SIGNING


def test_the_timer_tries_again_the_day_after(three, cast, standing_clock):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    take_back(three["a"], cast)
    standing_clock.move_to(clock.end_of(three["b"].entries.get().notice.closes))
    standing_clock.pass_(minutes=1)

    job = Job.objects.get(kind="timer", case=three["b"], payload__verb="close_notice")
    taken = jobs.lease(clock.now(), "", job.pk)
    jobs.run(taken)

    job.refresh_from_db()
    assert (job.state, job.failures) == (Job.State.READY, 0)
    assert job.not_before == clock.end_of(clock.today())


def test_a_notice_waits_while_a_figure_of_the_group_is_checked_again(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    publication.answer_objection(
        object_to(three["a"]), result="upheld", answer="属实", effect="evaluate", by=cast.officer
    )

    with pytest.raises(GroupUnsettled):
        deciding.close(three["b"])


def test_a_notice_waits_while_a_correction_waits_for_its_order(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    wrong = {"code": "I24", "value": "80", "reason": "课表"}
    confirmation.correct(found(three["a"]), **wrong, by=cast.officer)

    with pytest.raises(GroupUnsettled):
        deciding.close(three["b"])
    confirmation.decline(found(three["a"]), reason="证据充分", by=cast.leader)
    deciding.close(three["b"])

    assert found(three["b"]).state == State.SIGNING


def test_an_objection_answered_after_the_last_day_does_not_end_the_notice_either(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    objection = object_to(three["b"])
    take_back(three["a"], cast)

    with clock.at(clock.end_of(three["b"].entries.get().notice.closes)):
        publication.answer_objection(
            objection, result="not_upheld", answer="不成立", by=cast.officer
        )

    assert found(three["b"]).state == State.NOTICE


def test_a_list_is_not_published_on_an_order_that_no_longer_holds(three, cast, standing_clock):
    rank(three, cast)
    deciding.decide(three["a"], cast)
    correct(three["c"], I24=71)

    with pytest.raises(RankingStale):
        deciding.publish([three["a"]], cast)
    standing_clock.pass_(minutes=2)
    made = rank(three, cast, approve=False, reason="更正")
    with pytest.raises(RankingUnsigned):
        deciding.publish([three["a"]], cast)
    ranking.approve(made, by=cast.leader)
    deciding.publish([three["a"]], cast)


def test_what_changed_of_a_suspended_entry_is_published_again_when_it_goes_on(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    suspension.suspend(found(three["b"]), ground="litigation", reason="诉讼", by=cast.leader)
    correct(three["b"], I24=95)
    rank(three, cast, reason="更正")

    suspension.resume(found(three["b"]), by=cast.leader)

    before, after = three["b"].entries.order_by("pk")
    assert (before.removed is None, after.removed is None) == (False, True)
    assert after.facts["mark"] == "5.55"
