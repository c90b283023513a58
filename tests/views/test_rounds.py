"""Pages of calls: opened at the desk, read by the public, bid for."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import MONDAY
from tests.stages import jointly
from workflows import clock, demo
from workflows.models import Challenge, Round, User
from workflows.stages import rounds

pytestmark = pytest.mark.django_db
P4 = "project_funding"
LATER = MONDAY + timedelta(days=30)
TERMS = {
    "title": "2027年度专项资金",
    "opens": "2026-10-08T09:00",
    "closes": "2026-11-30T17:00",
    "contact": "教育委员会项目处 021-00000000",
    "budget-training_base": "2000",
    "budget-talent_urgent": "600.00",
}


@pytest.fixture(autouse=True)
def _today(office, standing_clock):
    """Time stands still."""


@pytest.fixture
def officer() -> User:
    """A case officer."""
    return demo.cast("310110").officer


@pytest.fixture
def desk(officer) -> Client:
    """The case officer's browser."""
    return signed_in(officer)


def signed_in(user: User) -> Client:
    """The browser of ``user``."""
    browser = Client()
    browser.force_login(user)
    return browser


def opened(officer: User, **terms: Any) -> Round:
    """A round of project money that opens in a month."""
    told = {"title": "专项资金", "opens": LATER, "closes": LATER + timedelta(days=60), **terms}
    return rounds.open_round(programme=P4, by=officer, key="P4-T", **told)


def shown(browser: Client, name: str, *parts: str) -> str:
    """The words of a page."""
    page = browser.get(reverse(name, args=parts))
    assert page.status_code == 200
    return page.content.decode()


# --- at the desk ----------------------------------------------------------------------------------
def test_a_round_is_opened_at_the_desk_with_a_budget_for_each_line(desk, officer):
    page = desk.post(reverse("call_new", args=[P4]), TERMS)

    call = Round.objects.get()
    assert (page.status_code, page["Location"]) == (303, reverse("call", args=[call.key]))
    assert call.budgets == {"training_base": "2000.00", "talent_urgent": "600.00"}
    assert clock.local(call.closes).isoformat() == "2026-11-30T17:00:00+08:00"
    assert "2000.00" in shown(desk, "call", call.key)
    assert call.title in shown(desk, "calls")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"opens": "soon"}, "opens"),
        ({"opens": "0001-01-01T00:00"}, "opens"),
        ({"closes": "9999-12-31T23:59"}, "closes"),
        ({"closes": "2026-10-01T00:00"}, "closes"),
        ({"closes": "2026-09-01T00:00"}, "closes"),
        ({"budget-training_base": "-1"}, "budget-training_base"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(desk, change, field):
    page = desk.post(reverse("call_new", args=[P4]), TERMS | change)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not Round.objects.exists()


def test_a_programme_without_a_published_edition_says_so(desk, monkeypatch):
    monkeypatch.setattr(rounds, "newest_edition", lambda key: None)

    page = desk.get(reverse("call_new", args=[P4]))

    assert page.status_code == 422
    assert P4 in page.content.decode()
    assert desk.get(reverse("call_new", args=["no_such"])).status_code == 404


def test_the_form_asks_for_what_the_rules_know(desk):
    school = desk.get(reverse("call_new", args=["benchmark_school"])).context["form"]
    firm = desk.get(reverse("call_new", args=["enterprise_certification"])).context["form"]

    assert {"", "secondary", "higher"} <= {code for code, _words in school.fields["group"].choices}
    assert list(firm.fields) == ["title", "opens", "closes", "contact", "one_by_one"]


def test_terms_change_until_the_round_opens(desk, officer, standing_clock):
    call = opened(officer, budgets={"faculty": "10"})
    address = reverse("call_change", args=[call.key])

    kept = desk.get(address).context["form"]
    changed = desk.post(address, TERMS)
    standing_clock.move_to(MONDAY + timedelta(days=40))
    refused = desk.post(address, TERMS | {"title": "再改"})

    assert kept["budget-faculty"].value() == "10.00"
    assert (changed.status_code, refused.status_code) == (303, 409)
    assert Round.objects.get().title == TERMS["title"]
    assert reverse("call_change", args=[call.key]) not in shown(desk, "call", call.key)


def test_a_challenge_is_published_at_the_desk(desk, officer):
    call = opened(officer)
    address = reverse("call_challenge", args=[call.key])
    told = {
        "number": "JB-9", "line": "talent_urgent", "title": "智能网联", "need": "四十名硕士",
        "owner": "示例汽车", "cap": "200",
        "opens": "2026-10-08T09:00", "closes": "2026-11-01T00:00",
    }  # fmt: skip

    published = desk.post(address, told)
    twice = desk.post(address, told)

    assert (published.status_code, twice.status_code) == (303, 422)
    assert Challenge.objects.get().cap == Decimal("200.00")
    assert list(twice.context["form"].errors) == ["number"]


def test_the_leader_reads_rounds_and_opens_none(officer):
    leader = signed_in(demo.cast("310110").leader)
    call = opened(officer)

    assert reverse("call_new", args=[P4]) not in shown(leader, "calls")
    assert leader.get(reverse("call", args=[call.key])).status_code == 200
    assert leader.post(reverse("call_new", args=[P4]), TERMS).status_code == 403


# --- in public ------------------------------------------------------------------------------------
def test_the_guide_of_a_round_says_everything_an_applicant_asks(client, officer):
    call = opened(officer, budgets={"faculty": "200"}, contact="项目处 021-12345678", pass_mark=70)

    page = shown(client, "round", call.key)

    rules = call.edition.shape
    procedure = next(iter(rules.procedures.values()))
    wanted = [
        call.title, "200.00", "项目处 021-12345678", "2026-10-07 09:00", "70",
        rules.basis[0].zh, rules.form.attachments[0].zh, procedure.supervision.zh,
        procedure.remedies.zh,
    ]  # fmt: skip
    assert [words for words in wanted if words not in page] == []


def test_every_round_stands_in_the_list_with_whether_it_is_open(client, officer, standing_clock):
    call = opened(officer)

    before = client.get(reverse("rounds")).context["rounds"]
    standing_clock.move_to(call.closes)
    last_moment = client.get(reverse("rounds")).context["rounds"]
    standing_clock.move_to(call.closes + timedelta(seconds=1))
    after = client.get(reverse("rounds")).context["rounds"]

    tones = [each.tone for listed in (before, last_moment, after) for each in listed]
    assert tones == ["info", "ok", ""]


def test_the_public_reads_the_challenges_that_are_open(client, officer):
    call = jointly.call(funding=jointly.FUNDING)
    told = {
        "line": "talent",
        "need": "四十名硕士",
        "owner": "示例汽车",
        "cap": "200",
        "by": officer,
    }
    rounds.publish_challenge(call, number="JB-1", title="智能网联", **told)
    rounds.publish_challenge(call, number="JB-2", title="以后", opens=LATER, **told)

    page, guide = shown(client, "challenges"), shown(client, "round", call.key)

    assert "JB-1" in page
    assert "示例汽车" in page
    assert "200.00" in page
    assert "JB-2" not in page
    assert "JB-2" in guide


def test_an_unknown_round_is_not_there(client):
    assert client.get(reverse("round", args=["no-such"])).status_code == 404
