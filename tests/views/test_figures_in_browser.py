"""The pages of figures in Chromium: on a telephone, without scripts, and under axe."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser

from tests.conftest import StandingClock
from tests.programmes.benchmark_school import cohort
from tests.stages import schooling
from tests.stages.schooling import Schooling
from tests.views.desk.test_in_browser import violations, width_of
from tests.views.public.addresses import at, browser
from tests.views.windows import running, visited
from workflows import clock, demo
from workflows.models import User
from workflows.stages import confirmation, desk, drafting

pytestmark = pytest.mark.journey
TELEPHONE = 360
FOUND = {"I24": {"finding": "corrected", "value": "4210", "reason": "课表只证明4210课时"}}


@pytest.fixture(scope="module", autouse=True)
def chromium() -> Iterator[Browser]:
    """One Chromium for this module."""
    with running() as window:
        yield window


@pytest.fixture
def school(chromium: Browser, office: None, standing_clock: StandingClock) -> Schooling:
    """A filed application of one school."""
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    return schooling.filed(cohort.CAOJIANG, schooling.call(quota=2), standing_clock)


def pages(school: Schooling) -> Iterator[tuple[User, str]]:
    """Every page of figures while the school is asked."""
    seat = school.seats[0]
    yield seat.expert, at("figures_sheet", seat.code)
    yield school.signer, at("case_figures", school.case.reference)
    yield school.signer, at("case_progress", school.case.reference)
    yield school.cast.officer, f"{at('case_file', school.case.reference)}?tab=figures"


def test_no_page_of_figures_runs_sideways_or_fails_axe(school, chromium):
    school.checked(FOUND)

    for user, path in pages(school):
        with visited(chromium, browser(user), path, width=TELEPHONE) as page:
            assert width_of(page) == TELEPHONE, path
            assert violations(page) == [], path


def test_the_checkers_sheet_fits_a_telephone_and_needs_no_scripts(school, chromium):
    school.assigned()
    seat = school.seats[0]

    with visited(chromium, browser(seat.expert), at("figures_sheet", seat.code)) as page:
        assert violations(page) == []
    with visited(
        chromium,
        browser(seat.expert),
        at("figures_sheet", seat.code),
        width=TELEPHONE,
        scripts=False,
    ) as page:
        page.locator("#id_I24-finding").select_option("corrected")
        page.locator("#id_I24-value").fill("4210")
        page.locator("#id_I24-reason").fill("课表只证明4210课时")
        page.get_by_role("button", name="Sign the check").click()
        page.get_by_text("nothing can be changed").wait_for()

    assert school.seats[0].scores["I24"]["value"] == "4210"


def test_the_school_contests_without_scripts(school, chromium):
    school.checked(FOUND)

    with visited(
        chromium,
        browser(school.signer),
        at("case_figures", school.case.reference),
        width=TELEPHONE,
        scripts=False,
    ) as page:
        page.locator("#id_I24").fill("另附课表")
        page.get_by_role("button", name="Send what I contest").click()
        page.get_by_text("The agency was told").wait_for()

    assert school.revisions[0].contested == {"I24": "另附课表"}


def test_the_agency_settles_on_a_telephone(school, chromium):
    school.checked(FOUND)
    confirmation.contest(school.case, objections={"I24": "另附课表"}, by=school.signer)
    task = school.case.tasks.get(node="settlement", finished=None)
    desk.claim(task, by=school.cast.agency)

    with visited(
        chromium, browser(school.cast.agency), at("task", task.pk), width=TELEPHONE, scripts=False
    ) as page:
        assert width_of(page) == TELEPHONE
        page.locator("#id_I24-reason").fill("课表复核无误")
        page.get_by_role("button", name="Settle").click()

    assert school.waiting == ["freezing"]


def test_the_44_rows_of_the_form_stand_ready_on_a_telephone(chromium, office, standing_clock):
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    applicant = demo.organisation(schooling.profile(cohort.CAOJIANG))
    case = drafting.draft(
        schooling.call(), procedure="recognition", organisation=applicant, by=demo.clerk(applicant)
    )
    path = at("case_section", case.reference, "index")

    with visited(chromium, browser(demo.clerk(applicant)), path, width=TELEPHONE) as page:
        assert page.locator("input[name$='-value']").count() == 44
        assert width_of(page) == TELEPHONE
        assert violations(page) == []
