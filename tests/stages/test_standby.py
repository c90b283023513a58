"""The project register: good projects without money wait, and are called up in order (X33, X37)."""

from decimal import Decimal

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from workflows import clock
from workflows.errors import (
    NoMoneyFree,
    NotEntitled,
    OutcomeClosed,
    RankingMissing,
    StageClosed,
)
from workflows.models import Case, Document, Number, Standing
from workflows.models.case import State
from workflows.stages import (
    acceptance,
    deliberation,
    issuance,
    outcome,
    review,
    standby,
    task_book,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]


@pytest.fixture
def both(standing_clock: StandingClock) -> tuple[Case, Case]:
    """Two good projects on a line with money for one: the better funded, the other registered."""
    call = projects.call({projects.LINE: "480"})
    first, second = projects.marked(call, 90), projects.marked(call, 80)
    projects.ranked(call)
    approved = projects.approved(first)
    waiting = projects.sealed(second)
    projects.papers()
    projects.papers()  # its delivery
    return approved, projects.fresh(waiting)


def test_x33_a_good_project_without_money_is_kept_in_the_register(both):
    _, waiting = both

    assert (waiting.state, waiting.outcome, waiting.amount) == (
        State.REGISTERED,
        "registered",
        None,
    )
    assert [task.node for task in waiting.tasks.filter(finished=None)] == ["standby"]
    letter = Document.objects.get(case=waiting, kind="decision_registered")
    assert "实训基地建设" in letter.record


def test_nobody_is_called_up_while_the_money_is_spoken_for(both):
    _, waiting = both

    with pytest.raises(NoMoneyFree):
        standby.call_up(waiting, by=projects.cast().officer)


def test_x37_the_next_of_the_register_is_called_up_when_a_task_book_lapses(both):
    first, waiting = both
    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    projects.reranked(waiting.round)

    standby.call_up(projects.fresh(waiting), by=projects.cast().officer)

    called = projects.fresh(waiting)
    assert (called.state, called.outcome, called.amount) == (
        State.PROPOSAL,
        "",
        Decimal("480.00"),
    )
    assert [task.node for task in called.tasks.filter(finished=None)] == ["proposal"]
    assert called.decision.sealed is None


def test_a_project_called_up_is_funded_like_any_other(both):
    first, waiting = both
    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    projects.reranked(waiting.round)
    standby.call_up(projects.fresh(waiting), by=projects.cast().officer)

    approved = projects.approved(waiting)

    assert task_book.is_open(approved)
    assert approved.documents.filter(kind="approval", state="issued").count() == 1


def test_a_called_up_project_whose_task_book_lapses_keeps_the_letter_of_the_register(both):
    first, waiting = both
    told = waiting.decision.number
    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    projects.reranked(waiting.round)
    standby.call_up(projects.fresh(waiting), by=projects.cast().officer)
    approved = projects.approved(waiting)

    task_book.decline(approved, reason="放弃", by=projects.signer(approved.applicant))

    numbers = Number.objects.filter(case=waiting).order_by("pk")
    assert [(each.text == told, each.void is None) for each in numbers] == [
        (True, True),
        (False, False),
        (False, False),
    ]
    letter = Document.objects.get(case=waiting, kind="decision_registered")
    assert letter.state == Document.State.ISSUED


def test_the_time_in_the_register_is_not_counted(both, standing_clock):
    first, waiting = both
    before = waiting.due
    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    standing_clock.pass_(days=60)
    projects.reranked(waiting.round)

    standby.call_up(projects.fresh(waiting), by=projects.cast().officer)

    called = projects.fresh(waiting)
    assert called.due > before
    assert called.due > clock.today()


def test_only_the_case_officer_calls_up(both):
    with pytest.raises(NotEntitled):
        standby.call_up(both[1], by=projects.cast().leader)


def test_a_project_that_was_stopped_is_not_kept_in_the_register():
    case = projects.filed(projects.call())
    acceptance.accept(case, by=projects.cast().window)
    review.screen(case, verdict="stop", text="同一内容已获资助。", by=projects.cast().officer)

    assert outcome.possible(projects.fresh(case)) == ["refused"]
    with pytest.raises(OutcomeClosed):
        deliberation.propose(
            projects.fresh(case),
            outcome_="registered",
            finding="",
            reasons=["资金额度已经排满。"],
            by=projects.cast().officer,
        )


def test_a_project_that_is_not_in_the_register_is_not_called_up(both):
    with pytest.raises(StageClosed):
        standby.call_up(both[0], by=projects.cast().officer)


def test_a_ranking_without_its_second_signature_calls_nobody_up(both):
    first, waiting = both
    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    projects.ranking.rerank(
        waiting.round,
        procedure_key=projects.PROCEDURE,
        group=projects.LINE,
        reason="名单有变化",
        by=projects.cast().officer,
    )

    assert Standing.objects.filter(case=waiting).latest("pk").status == "selected"
    with pytest.raises(RankingMissing):
        standby.call_up(projects.fresh(waiting), by=projects.cast().officer)


def test_the_decision_to_register_is_delivered_and_confirmed(both):
    _, waiting = both

    issuance.acknowledge(waiting, by=projects.signer(waiting.applicant))

    assert projects.fresh(waiting).decision.acknowledged is not None
