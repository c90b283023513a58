"""Money at the desk: what was asked for, cut and promised; signing for the office; calling up."""

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from tests.stages.course import plain_papers
from tests.views.public.addresses import at, browser, text
from workflows.models import Case, Task, TaskBookSignature, User
from workflows.models.case import State
from workflows.stages import desk, task_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def plain(standing_clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers cost nothing, and time stands still."""
    plain_papers(monkeypatch)


def money(case: Case, reader: User) -> str:
    return text(browser(reader).get(at("case_file", case.reference), {"tab": "money"}))


def test_the_desk_reads_what_the_experts_left_once_they_have_closed(plain):
    case = projects.screened(projects.call(), request=400)
    seats = projects.seated(case)
    for seat in seats[:4]:
        projects.locked(seat, 80, {2: "120.50"})

    assert "120.50" not in money(case, projects.cast().officer)

    projects.locked(seats[4], 80, {2: "120.50"})
    assert "120.50" in money(case, projects.cast().officer)
    assert "320.50" in money(case, projects.cast().officer)


def test_the_issuer_signs_the_task_book_at_the_desk(plain):
    call = projects.call()
    case = projects.marked(call, 88)
    projects.ranked(call)
    case = projects.approved(case)
    issuer, task = (
        projects.cast().issuer,
        Task.objects.get(case=case, node="task_book", unit="issuer"),
    )
    desk.claim(task, by=issuer)

    page = browser(issuer).post(at("task_decide", task.pk), {"do": "task_book", "decision": "sign"})

    assert page.status_code == 303
    assert TaskBookSignature.objects.get(case=case).organisation is None
    assert "signed" in money(case, projects.cast().officer)


def test_a_project_of_the_register_is_called_up_at_the_desk(plain):
    call = projects.call({projects.LINE: "480"})
    first, second = projects.marked(call, 90), projects.marked(call, 80)
    projects.ranked(call)
    first = projects.approved(first)
    projects.sealed(second)
    projects.papers()
    projects.papers()
    officer = projects.cast().officer
    address = at("case_file", second.reference)

    assert "Call up from the register" not in text(browser(officer).get(address))

    task_book.decline(first, reason="放弃", by=projects.signer(first.applicant))
    projects.reranked(call)
    assert "Call up from the register" in text(browser(officer).get(address))
    browser(officer).post(at("case_act", second.reference), {"do": "call_up"})
    assert projects.fresh(second).state == State.PROPOSAL
