"""F6, X2: what was funded before this system is compared as well."""

from datetime import date

import pytest
from django.urls import reverse

from tests.conftest import StandingClock
from tests.stages import projects
from tests.views.desk.people import desk
from workflows import demo
from workflows.models import Case, Certificate, Organisation
from workflows.stages import likeness, register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]


@pytest.fixture
def case(standing_clock: StandingClock) -> Case:
    """A filed project at a site of its own."""
    return projects.filed(
        projects.call(), project_name="智能网联汽车测试技师培养", site="示例路1号"
    )


def entered(holder: Organisation, number: str, **answers: str) -> Certificate:
    return register.import_title(
        holder,
        programme_key=projects.PROGRAMME,
        kind="project",
        title="产教融合专项资金项目",
        number=number,
        granted=date(2024, 5, 6),
        by=projects.cast().officer,
        facts={"answers": answers},
    )


def test_x2_a_project_funded_before_under_another_lead_is_found_by_its_name(case: Case) -> None:
    other = projects.organisation("higher_vocational")
    alike = entered(other, "XM-2024-1", project_name="智能网联汽车测试技师培养项目")
    entered(other, "XM-2024-2", project_name="养老护理员家庭照护课程")

    (found,) = likeness.earlier(case)

    assert found[0] == alike
    assert [ground.kind for ground in found[1]] == ["name"]


def test_x2_a_leads_own_project_at_the_same_site_needs_more_than_the_site(case: Case) -> None:
    entered(case.applicant, "XM-2024-1", project_name="养老护理员家庭照护课程", site="示例路１号")

    assert likeness.earlier(case) == []

    entered(case.applicant, "XM-2024-2", project_name="智能网联汽车技师培养", site="示例路１号")
    assert [title.number for title, _ in likeness.earlier(case)] == ["XM-2024-2"]


def test_x2_the_officer_reads_of_it_on_the_file_and_nobody_else_does(case: Case) -> None:
    other = projects.organisation("higher_vocational")
    entered(other, "XM-2024-1", project_name="智能网联汽车测试技师培养项目")
    page = reverse("case_file", args=[case.reference]) + "?tab=likeness"

    told = desk(projects.cast().officer).get(page).content.decode()
    hidden = desk(demo.cast("310115").window).get(page).content.decode()

    assert ["XM-2024-1" in each for each in (told, hidden)] == [True, False]
