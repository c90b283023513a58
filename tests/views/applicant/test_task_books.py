"""The task book's page: its parties read and sign it, nobody else knows it."""

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from tests.stages.course import plain_papers
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, Organisation, TaskBookSignature
from workflows.models.case import State
from workflows.stages import task_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]

SIGNED = {"do": "sign", "factor": demo.PASSWORD}


@pytest.fixture
def project(standing_clock: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A project of a school and an enterprise whose task book waits."""
    plain_papers(monkeypatch)
    call = projects.call()
    case = projects.marked(call, 88)
    projects.ranked(call)
    return projects.approved(case)


def partner(case: Case) -> Organisation:
    return case.partners.select_related("organisation").get().organisation


def test_lead_and_partner_read_what_is_agreed(project):
    for unit in (project.applicant, partner(project)):
        words = text(browser(projects.signer(unit)).get(at("task_book", project.reference)))

        assert "480.00" in words
        assert "240.00" in words
        assert "After the task book is signed" in words
        assert "新增实训工位" in words
        assert "not yet signed" in words


def test_strangers_find_no_task_book(project):
    stranger = projects.signer(projects.organisation("enterprise"))

    assert browser(stranger).get(at("task_book", project.reference)).status_code == 404
    assert (
        browser(projects.cast().officer).get(at("task_book", project.reference)).status_code == 404
    )


def test_there_is_no_task_book_before_the_approval(standing_clock):
    case = projects.filed(projects.call())

    page = browser(projects.signer(case.applicant)).get(at("task_book", case.reference))

    assert page.status_code == 404


def test_a_signer_signs_for_the_partner(project):
    by = projects.signer(partner(project))

    page = browser(by).post(at("task_book", project.reference), SIGNED, follow=True)

    assert TaskBookSignature.objects.get(case=project).organisation == partner(project)
    assert "You signed the task book for" in text(page)
    assert "Sign the task book" not in text(page)


def test_a_task_book_is_not_signed_without_the_factor(project):
    by = projects.signer(project.applicant)

    page = browser(by).post(at("task_book", project.reference), {"do": "sign"})

    assert page.status_code == 422
    assert "Enter your password to sign" in text(page)
    assert not TaskBookSignature.objects.exists()


def test_a_clerk_reads_but_is_offered_no_signature(project):
    clerk = project.applicant.memberships.get(role="clerk").user
    client = browser(clerk)

    assert "Sign the task book" not in text(client.get(at("task_book", project.reference)))
    assert client.post(at("task_book", project.reference), {"do": "sign"}).status_code == 403


def test_whoever_declines_says_why(project):
    by = projects.signer(project.applicant)

    page = browser(by).post(at("task_book", project.reference), {"do": "decline", "reason": ""})

    assert page.status_code == 422
    assert projects.fresh(project).state == State.SIGNING


def test_a_declined_task_book_is_shown_as_lapsed(project):
    by = projects.signer(project.applicant)

    page = browser(by).post(
        at("task_book", project.reference), {"do": "decline", "reason": "放弃"}, follow=True
    )

    assert projects.fresh(project).state == State.ABANDONED
    assert "The funding has lapsed" in text(page)
    assert "放弃" in text(page)


def test_the_workspace_asks_signers_for_their_signature(project):
    for unit in (project.applicant, partner(project)):
        words = text(browser(projects.signer(unit)).get(at("workspace")))

        assert f"Sign the task book of {project.reference}" in words
    task_book.sign(project, by=projects.signer(project.applicant))
    words = text(browser(projects.signer(project.applicant)).get(at("workspace")))
    assert "Sign the task book of" not in words


def test_the_page_of_the_case_shows_the_award(project):
    words = text(
        browser(projects.signer(project.applicant)).get(at("case_progress", project.reference))
    )

    assert "Read and sign the task book" in words
    assert "144.00" in words
