"""Calls: what they need, who opens them, what then stands fast, which needs they publish."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from tests.conftest import MONDAY
from tests.stages import jointly
from workflows import demo
from workflows.audit import verify
from workflows.errors import NoEdition, NotEntitled, RoundClosed, RoundOpened
from workflows.models import Challenge, Edition, Event, Round
from workflows.selection import Selection
from workflows.stages import drafting, rounds

pytestmark = pytest.mark.django_db
SELECTION = {
    "by": "mark",
    "group": "'higher'",
    "groups": [{"code": code, "zh": code, "en": code} for code in ("higher", "secondary")],
    "pass_mark": "60",
    "source": "for tests",
}
LATER = MONDAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def _today(standing_clock):
    """Time stands still."""


@pytest.fixture
def officer(cast):
    """A case officer."""
    return cast.officer


def opened(by, **terms):
    """A round of enterprise certification that opens in a month."""
    told = {"title": "2026年度", "opens": LATER, "closes": LATER + timedelta(days=60), **terms}
    return rounds.open_round(programme="enterprise_certification", by=by, **told)


def wrong(act):
    """The fields a refused act names."""
    with pytest.raises(ValidationError) as refused:
        act()
    return sorted(refused.value.message_dict)


# --- opening --------------------------------------------------------------------------------------
def test_a_round_stands_under_the_newest_published_edition_and_is_on_the_record(officer):
    call = opened(officer, quota=3, contact="021-00000000")

    event = Event.objects.get(chain="sys:rounds")
    assert call.edition == Edition.objects.get(programme="enterprise_certification")
    assert (call.key, call.quota, event.kind, event.actor) == (
        "P1-2026-1", 3, "round_opened", officer,
    )  # fmt: skip
    assert [str(each) for each in verify()] == []


def test_a_round_without_a_published_edition_is_refused(officer):
    with pytest.raises(NoEdition) as refused:
        rounds.open_round(programme="no_such", title="x", opens=MONDAY, closes=LATER, by=officer)

    assert str(refused.value) == "no_such has no published edition, so no round can be opened."
    assert not Round.objects.exists()


def test_a_round_is_not_opened_under_the_rules_of_another_programme(officer, call):
    with pytest.raises(NoEdition):
        rounds.open_round(
            programme="other", title="x", opens=MONDAY, closes=LATER, by=officer,
            edition=call.edition,
        )  # fmt: skip


def test_only_a_case_officer_opens_changes_and_publishes(cast, officer):
    call = opened(officer)

    for person in (cast.window, cast.leader, cast.operator):
        for act in (
            lambda person=person: opened(person),
            lambda person=person: rounds.change_round(call, by=person, title="y"),
            lambda person=person: rounds.publish_challenge(
                call, number="1", line="base", title="x", need="x", owner="x", by=person
            ),
        ):
            with pytest.raises(NotEntitled):
                act()


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"closes": LATER}, "closes"),
        ({"title": ""}, "title"),
        ({"quota": 0}, "quota"),
        ({"share_percent": 101}, "share_percent"),
        ({"pass_mark": Decimal("100.01")}, "pass_mark"),
        ({"group": "higher"}, "group"),
        ({"budgets": {"base": "10"}}, "budgets"),
    ],
)
def test_terms_that_do_not_fit_are_named(officer, terms, field):
    assert wrong(lambda: opened(officer, **terms)) == [field]
    assert not Round.objects.exists()


def test_a_number_is_given_to_one_round(officer):
    opened(officer, key="P1-A")

    assert wrong(lambda: opened(officer, key="P1-A")) == ["key"]


def test_budgets_are_kept_by_line_as_text_in_wan(office):
    call = jointly.call(
        funding=jointly.FUNDING, terms={"budgets": {"base": 2000.0, "talent": Decimal("600")}}
    )

    assert call.budgets == {"base": "2000.00", "talent": "600.00"}


@pytest.mark.parametrize("amount", ["-1", "many", "NaN", "1.005", None])
def test_a_budget_is_an_amount_of_money(office, amount):
    terms = {"budgets": {"base": amount}}

    assert wrong(lambda: jointly.call(funding=jointly.FUNDING, terms=terms)) == ["budgets"]


def test_a_call_stands_open_as_long_as_its_rules_say(office):
    limits = jointly.rules().procedures[jointly.PROCEDURE].limits
    told = {code: limit.model_dump(mode="json") for code, limit in limits.items()}
    told["call"] = {"days": 5, "source": "《苏州市…资金管理办法》"}
    short = {"opens": MONDAY, "closes": MONDAY + timedelta(days=3)}  # Monday to Thursday
    backdated = short | {"opens": MONDAY - timedelta(days=30)}
    enough = {"opens": MONDAY, "closes": MONDAY + timedelta(days=4)}

    assert wrong(lambda: jointly.call(limits=told, terms=short)) == ["closes"]
    assert wrong(lambda: jointly.call(limits=told, terms=backdated)) == ["closes"]
    assert jointly.call(limits=told, terms=enough).closes == enough["closes"]


def test_a_group_is_one_the_rules_rank_in(office):
    assert jointly.call(selection=SELECTION, terms={"group": "secondary"}).group == "secondary"
    assert Selection.model_validate(SELECTION).groups[1].code == "secondary"


# --- changing -------------------------------------------------------------------------------------
def test_the_terms_of_a_round_may_change_until_it_opens(officer, standing_clock):
    call = opened(officer, quota=3)

    rounds.change_round(call, by=officer, quota=5)
    standing_clock.move_to(LATER)
    with pytest.raises(RoundOpened):
        rounds.change_round(call, by=officer, quota=9)

    kinds = Event.objects.filter(chain="sys:rounds").order_by("seq").values_list("kind", flat=True)
    assert (Round.objects.get().quota, list(kinds)) == (5, ["round_opened", "round_changed"])


def test_a_change_that_does_not_fit_leaves_the_round_as_it_was(officer):
    call = opened(officer)

    assert wrong(lambda: rounds.change_round(call, by=officer, closes=call.opens)) == ["closes"]
    assert Round.objects.get().closes == call.closes


# --- drafting and filing --------------------------------------------------------------------------
def test_a_draft_made_in_time_may_be_finished_and_late_filing_is_refused_to_the_minute(
    office, standing_clock
):
    call = jointly.call()
    case = jointly.drafted(call)
    standing_clock.move_to(call.closes + timedelta(microseconds=1))

    case = jointly.saved(case, project_name="晚到的项目")
    with pytest.raises(RoundClosed) as refused:
        jointly.filed(case)

    assert jointly.fresh(case).draft["project_name"] == "晚到的项目"
    assert refused.value.facts == {"opens": "2026-01-07 09:00", "closes": "2026-12-07 09:00"}


def test_nobody_begins_a_draft_once_the_round_is_over(office, standing_clock):
    call, lead = jointly.call(), jointly.applicant()
    standing_clock.move_to(call.closes + timedelta(microseconds=1))

    with pytest.raises(RoundClosed):
        drafting.draft(call, procedure=jointly.PROCEDURE, organisation=lead, by=demo.clerk(lead))


def test_the_last_moment_of_a_round_is_part_of_it(office, standing_clock):
    call = jointly.call()
    case = jointly.drafted(call)
    standing_clock.move_to(call.closes)

    assert jointly.filed(case).state == "submitted"


# --- challenges -----------------------------------------------------------------------------------
def published(by, call, **changes):
    """A need of the talent line."""
    told = {
        "number": "JB-1", "line": "talent", "title": "智能网联人才", "need": "四十名硕士",
        "owner": "示例汽车集团", "cap": "200", **changes,
    }  # fmt: skip
    return rounds.publish_challenge(call, by=by, **told)


def test_a_challenge_is_open_as_long_as_its_round_unless_told(officer):
    call = jointly.call(funding=jointly.FUNDING)

    challenge = published(officer, call)

    kept = Challenge.objects.get()
    assert (kept, kept.cap, kept.opens, kept.closes) == (
        challenge, Decimal("200.00"), call.opens, call.closes,
    )  # fmt: skip
    assert Event.objects.filter(chain="sys:rounds", kind="challenge_published").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": " "}, "number"),
        ({"line": "no_such"}, "line"),
        ({"need": ""}, "need"),
        ({"cap": "0"}, "cap"),
        ({"cap": "much"}, "cap"),
        ({"closes": MONDAY.replace(year=2027)}, "closes"),
    ],
)
def test_a_challenge_that_does_not_fit_its_round_is_refused(officer, changes, field):
    call = jointly.call(funding=jointly.FUNDING)

    assert wrong(lambda: published(officer, call, **changes)) == [field]


def test_a_challenge_has_a_number_of_its_own(officer):
    call = jointly.call(funding=jointly.FUNDING)
    published(officer, call)

    assert wrong(lambda: published(officer, call)) == ["number"]


def test_nobody_bids_where_the_rules_know_no_bidding(officer):
    call = jointly.call(funding={**jointly.FUNDING, "challenge": None})

    assert wrong(lambda: published(officer, call)) == ["line"]
    assert not rounds.takes_bids(call.edition)
