"""The sheet of a project: rows paid from public money, lowered with grounds, and still blind."""

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from tests.views.public.addresses import at, browser, text
from workflows.models import Seat
from workflows.stages import evaluation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def seat(standing_clock: StandingClock) -> Seat:
    """The first seat of a project's panel, declared."""
    return projects.seated(projects.screened(projects.call(), request=400))[0]


def sheet(seat: Seat, **more: str) -> dict[str, str]:
    """Full marks, and the budget as ``more`` says."""
    parts = evaluation.parts(seat.case.procedure.evaluation)
    return {f"points-{part.code}": str(part.maximum) for part in parts} | more


def test_the_sheet_asks_about_publicly_paid_rows_only(seat):
    words = text(browser(seat.expert).get(at("evaluation", seat.code)))

    assert "left-0" in words
    assert "left-2" in words
    assert "left-1" not in words
    assert "400.00" in words


def test_partners_stay_hidden_from_the_panel(seat):
    partner = seat.case.partners.select_related("organisation").get()

    words = text(browser(seat.expert).get(at("evaluation", seat.code)))

    assert partner.name not in words
    assert partner.organisation.uscc not in words
    assert "设备与师傅" in words


def test_a_lowered_row_is_locked_with_its_grounds(seat):
    given = sheet(seat, **{"left-0": "１５０．５", "why-0": "单价偏高"})

    browser(seat.expert).post(at("evaluation_lock", seat.code), given)

    locked = Seat.objects.get(pk=seat.pk)
    assert locked.cuts == {"0": "150.50"}
    assert locked.remarks["line-0"] == "单价偏高"
    words = text(browser(seat.expert).get(at("evaluation", seat.code)))
    assert "150.50 / 200.00" in words
    assert "单价偏高" in words


def test_rows_left_blank_stay_whole(seat):
    browser(seat.expert).post(at("evaluation_lock", seat.code), sheet(seat))

    assert Seat.objects.get(pk=seat.pk).cuts == {}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"left-0": "150"}, "Please say why “实训平台” is lowered."),
        ({"left-0": "200.01", "why-0": "x"}, "must lie between 0 and 200.00 万元"),
        ({"left-2": "-1", "why-2": "x"}, "must lie between 0 and 200.00 万元"),
        ({"left-2": "全部", "why-2": "x"}, "must lie between 0 and 200.00 万元"),
    ],
)
def test_a_cut_that_is_not_in_order_is_refused_and_kept(seat, given, words):
    page = browser(seat.expert).post(at("evaluation_lock", seat.code), sheet(seat, **given))

    assert page.status_code == 422
    assert words in text(page)
    assert Seat.objects.get(pk=seat.pk).locked is None


def test_a_half_filled_budget_is_kept_for_its_expert(seat):
    client = browser(seat.expert)
    client.post(at("evaluation", seat.code), {"left-0": "120", "why-0": "询价低"})

    words = text(client.get(at("evaluation", seat.code)))

    assert 'value="120"' in words
    assert "询价低" in words
    assert "Left of the public money: 320" in words
