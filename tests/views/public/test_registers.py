"""The public register of projects, and the numbers that are void."""

import csv
import io

import pytest
from django.test import Client

from tests.conftest import StandingClock
from tests.stages import course, projects
from tests.views.public.addresses import at, statements, text
from workflows.models import Case, Certificate, Number
from workflows.stages import task_book
from workflows.views.public.directory import BOM

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]


@pytest.fixture
def plain_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers cost nothing."""
    course.plain_papers(monkeypatch)


@pytest.fixture
def both(standing_clock: StandingClock) -> tuple[Case, Case]:
    """Two good projects on a line with money for one: the first funded, the second registered."""
    call = projects.call({projects.LINE: "480"})
    first, second = projects.marked(call, 90), projects.marked(call, 80)
    projects.ranked(call)
    approved = projects.approved(first)
    waiting = projects.sealed(second)
    everybody_signs(approved)
    projects.papers()
    projects.papers()  # and their delivery
    return projects.fresh(approved), projects.fresh(waiting)


def everybody_signs(case: Case) -> None:
    units = [case.applicant, *(each.organisation for each in case.partners.all())]
    for unit in units:
        task_book.sign(projects.fresh(case), by=projects.signer(unit))
    task_book.sign(projects.fresh(case), by=projects.cast().issuer)


def test_the_register_names_funded_projects_and_those_that_wait(
    client: Client, both: tuple[Case, Case]
) -> None:
    funded, waiting = both
    title = Certificate.objects.get(case=funded)

    page = client.get(at("projects"))

    first, second = sorted(page.context["rows"], key=lambda row: row.case.pk)
    assert (first.name, first.line) == (funded.filed.answers["project_name"], "Training base")
    assert (first.amount, first.begins, first.ends) == (
        funded.amount,
        title.valid_from,
        title.valid_to,
    )
    assert (second.case, second.amount, second.title) == (waiting, None, None)
    assert at("certificate_check", title.document.code) in text(page)
    assert [row.status for row in (first, second)] == ["Funded", "In the project register"]


def test_a_reader_narrows_the_register(client: Client, both: tuple[Case, Case]) -> None:
    funded, waiting = both

    found = {
        asked: [row.case for row in client.get(at("projects") + asked).context["rows"]]
        for asked in (
            "?status=registered",
            "?status=granted",
            f"?q={funded.applicant.uscc}",
            "?q=x",
            "?programme=project_funding&year=2026&status=granted",
            "?programme=base_designation",
            "?year=2025",
            "?district=310115&status=registered",
            "?district=310101",
        )
    }

    assert list(found.values()) == [
        [waiting], [funded], [funded], [], [funded], [], [], [waiting], [],
    ]  # fmt: skip


def test_the_register_offers_what_it_can_be_narrowed_by(
    client: Client, both: tuple[Case, Case]
) -> None:
    page = client.get(at("projects")).context

    assert [key for key, _ in page["programmes"]] == ["project_funding"]
    assert (page["districts"], page["years"]) == (["310115"], [2026])
    assert len(page["statuses"]) == 2


def test_the_table_holds_what_was_asked_for(client: Client, both: tuple[Case, Case]) -> None:
    sent = client.get(at("projects_csv") + "?district=310115&status=registered").content.decode()

    told = list(csv.DictReader(io.StringIO(sent.removeprefix(BOM))))
    assert [(row["Lead organisation"], row["District"]) for row in told] == [
        (both[1].applicant.name, "310115")
    ]


def test_only_what_the_edition_publishes_is_told(
    client: Client, both: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = both[0].procedure.notice
    monkeypatch.setitem(notice.__dict__, "publishes", ("org_name",))

    rows = client.get(at("projects")).context["rows"]

    assert {(row.name, row.line, row.amount) for row in rows} == {("", "", None)}


def test_nobody_reads_of_a_project_before_its_applicant(
    client: Client, both: tuple[Case, Case]
) -> None:
    type(both[1].decision).objects.filter(case=both[1]).update(delivered=None)

    assert [row.case for row in client.get(at("projects")).context["rows"]] == [both[0]]


def test_the_register_leaves_as_a_table(client: Client, both: tuple[Case, Case]) -> None:
    funded, waiting = both

    sent = client.get(at("projects_csv")).content.decode()

    told = list(csv.DictReader(io.StringIO(sent.removeprefix(BOM))))
    by_lead = {row["Lead organisation"]: row for row in told}
    assert by_lead[funded.applicant.name]["Amount (10,000 yuan)"] == str(funded.amount)
    assert by_lead[waiting.applicant.name]["Status"] == "In the project register"
    assert by_lead[waiting.applicant.name]["Number"] == ""


def test_a_longer_register_takes_no_more_statements(
    client: Client, both: tuple[Case, Case]
) -> None:
    one = statements(client, at("projects") + "?status=granted")

    assert statements(client, at("projects")) == one


def test_void_numbers_stay_to_be_read_with_their_reason(
    client: Client, standing_clock: StandingClock
) -> None:
    call = projects.call()
    case = projects.marked(call, 88)
    projects.ranked(call)
    project = projects.approved(case)
    empty = text(client.get(at("void_numbers")))

    task_book.decline(project, reason="资金计划有变", by=projects.signer(project.applicant))

    void = Number.objects.filter(case=project)
    page = text(client.get(at("void_numbers")))
    assert "No number is void" in empty
    assert void.count() == 2
    assert all(number.text in page for number in void)
    assert "资金计划有变" in page
    assert at("void_numbers") in text(client.get(at("directory")))
