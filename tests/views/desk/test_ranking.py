"""Groups at the desk: the list, the page, its acts, the table file; and the applicant's side."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests.groups import PROJECTS, SCHOOLS, Bid, call, projects, schools, signer, variant
from tests.stages import deciding
from tests.views.desk.group_pages import Cases, export, newest, page, ranked, words
from tests.views.desk.people import desk
from workflows import clock, demo
from workflows.models import Case, Figures, Membership, Organisation, Ranking, Round, User
from workflows.stages import ranking
from workflows.views.applicant import place

pytestmark = pytest.mark.django_db
BEST = {"I05": 100, "I24": 100}
GOOD = {"I05": 90, "I24": 90}
FAIR = {"I05": 70, "I24": 70}


@pytest.fixture
def called(cast: demo.Cast, standing_clock: object) -> Round:
    edition = variant(SCHOOLS, "recognition", publishes=["mark", "place"], reading=False)
    return call(SCHOOLS, edition=edition, quota=2, share_percent=100, pass_mark=Decimal(3))


@pytest.fixture
def three(called: Round) -> Cases:
    return schools(called, {"a": BEST, "b": GOOD, "c": FAIR})


@pytest.fixture
def funded(cast: demo.Cast, standing_clock: object) -> Cases:
    """Two projects; the second may have 200 of the 300 it wants."""
    round_ = call(PROJECTS, budgets={"training_base": "600.00"})
    return projects(round_, {"a": Bid("90.00", 400), "b": Bid("80.00", 300)})


# --- the list -------------------------------------------------------------------------------------
def test_the_list_says_how_many_of_each_group_are_ready_and_where_the_others_stand(
    three: Cases, cast: demo.Cast
) -> None:
    three["c"].tasks.update(node="confirmation")

    told = words(desk(cast.officer).get(reverse("rankings")))

    assert page(three) in told
    assert '<td class="tnum" data-th="就绪">2</td>' in told or ">2</td>" in told
    assert " 1</li>" in told
    three["c"].tasks.update(node="freezing")


def test_the_list_costs_the_same_for_one_group_and_for_three(
    three: Cases, cast: demo.Cast, funded: Cases
) -> None:
    browser = desk(cast.officer)
    browser.get(reverse("rankings"))
    Round.objects.exclude(pk=three["a"].round_id)
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get(reverse("rankings"))
    for _ in range(2):
        schools(call(SCHOOLS), {"x": BEST, "y": GOOD, "z": FAIR})

    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("rankings"))

    assert len(many) == len(few)


@pytest.mark.parametrize("role", ["window", "issuer", "convenor"])
def test_only_those_who_rank_sign_or_audit_read_the_groups(
    three: Cases, cast: demo.Cast, role: str
) -> None:
    browser = desk(getattr(cast, role))

    assert {browser.get(url).status_code for url in (reverse("rankings"), page(three))} == {403}


# --- one group ------------------------------------------------------------------------------------
def test_the_officer_freezes_and_ranks_a_group(three: Cases, cast: demo.Cast) -> None:
    browser = desk(cast.officer)
    assert 'value="rank"' in words(browser.get(page(three)))

    answer = browser.post(page(three), {"do": "rank"})

    assert (answer.status_code, answer["Location"]) == (303, page(three))
    told = words(browser.get(page(three)))
    assert [name in told for name in ("单位a", "6.00", "5.40", "4.20")] == [True] * 4
    assert 'value="rank"' not in told
    assert 'value="approve"' not in told


def test_a_group_that_is_not_ready_says_who_is_missing(three: Cases, cast: demo.Cast) -> None:
    three["c"].tasks.update(node="confirmation")
    browser = desk(cast.officer)

    answer = browser.post(page(three), {"do": "rank"})

    assert answer.status_code == 409
    assert three["c"].reference in words(answer)
    assert not Ranking.objects.exists()
    three["c"].tasks.update(node="freezing")


def test_the_leader_countersigns(three: Cases, cast: demo.Cast) -> None:
    case = deciding.found(three["a"])
    ranking.rank(case.round, procedure_key="recognition", group="higher", by=cast.officer)
    browser = desk(cast.leader)
    assert 'value="approve"' in words(browser.get(page(three)))

    answer = browser.post(page(three), {"do": "approve"})

    assert answer.status_code == 303
    assert newest(three).approved_by == cast.leader


@pytest.mark.parametrize("do", ["rank", "rerank", "order", "approve"])
def test_an_auditor_reads_and_changes_nothing(three: Cases, cast: demo.Cast, do: str) -> None:
    ranked(three, cast)
    browser = desk(cast.auditor)
    assert browser.get(page(three)).status_code == 200

    answer = browser.post(page(three), {"do": do, "reason": "x"})

    assert answer.status_code in (403, 409)
    assert newest(three).revision == 1


def test_ranking_again_asks_for_a_reason(three: Cases, cast: demo.Cast) -> None:
    ranked(three, cast)
    browser = desk(cast.officer)

    refused = browser.post(page(three), {"do": "rerank", "reason": " "})
    taken = browser.post(page(three), {"do": "rerank", "reason": "更正I24"})

    assert (refused.status_code, taken.status_code) == (422, 303)
    assert newest(three).reason == "更正I24"
    assert "更正I24" in words(browser.get(page(three)))


def test_equals_are_put_in_order_with_a_meeting(called: Round, cast: demo.Cast) -> None:
    cases = schools(called, {"a": BEST, "b": GOOD, "c": GOOD})
    ranked(cases, cast)
    meeting, browser = deciding.meeting(cast), desk(cast.officer)
    b, c = (f"place-{cases[name].reference}" for name in "bc")

    same = browser.post(page(cases), {"do": "order", "meeting": meeting.number, b: 1, c: 1})
    none = browser.post(page(cases), {"do": "order", b: 2, c: 1})
    taken = browser.post(page(cases), {"do": "order", "meeting": meeting.number, b: 2, c: 1})

    assert [each.status_code for each in (same, none, taken)] == [422, 422, 303]
    assert newest(cases).order == [cases["c"].reference, cases["b"].reference]
    assert meeting.number in words(browser.get(page(cases)))


def test_the_page_shows_what_is_left_of_the_money(funded: Cases, cast: demo.Cast) -> None:
    ranked(funded, cast, by=cast.finance)

    told = words(desk(cast.finance).get(page(funded)))

    assert all(each in told for each in ("600.00", "400.00", "200.00", "0.00"))


def test_a_figure_that_stands_out_is_named_before_the_freeze(
    called: Round, cast: demo.Cast
) -> None:
    cases = schools(called, {"a": {"I24": 1000, "I01": 1}, "b": {"I24": 10}, "c": {"I24": 9}})
    browser = desk(cast.officer)

    told = words(browser.get(page(cases)))

    assert "I24" in told
    assert "I01" not in told
    ranked(cases, cast)
    assert "outliers-h" not in words(browser.get(page(cases)))


def test_a_changed_group_says_so(three: Cases, cast: demo.Cast, standing_clock) -> None:
    ranked(three, cast)
    browser = desk(cast.officer)
    before = words(browser.get(page(three)))
    standing_clock.pass_(minutes=1)
    last = Figures.objects.get(case=three["c"])
    Figures.objects.create(
        case=three["c"],
        round=1,
        revision=2,
        values=last.values,
        given=standing_clock.moment,
        confirmed=standing_clock.moment,
    )

    after = words(browser.get(page(three)))

    assert after.count("callout-warn") == before.count("callout-warn") + 1


def test_a_group_the_edition_does_not_know_does_not_exist(three: Cases, cast: demo.Cast) -> None:
    known = deciding.found(three["a"]).round.key
    browser = desk(cast.officer)

    wrong = [
        reverse("ranking", args=[known, "recognition", "no-such"]),
        reverse("ranking", args=[known, "funding", "higher"]),
        reverse("ranking", args=["no-such", "recognition", "higher"]),
    ]

    assert [browser.get(url).status_code for url in wrong] == [404] * 3
    assert browser.post(page(three), {"do": "no-such"}).status_code == 404
    assert browser.post(page(three), {"do": "approve"}).status_code == 404


# --- the table file -------------------------------------------------------------------------------
def test_the_table_file_holds_the_places_and_no_formula(three: Cases, cast: demo.Cast) -> None:
    Organisation.objects.filter(pk=three["a"].applicant_id).update(name="=cmd|' /C calc'!A0")
    ranked(three, cast)

    answer = desk(cast.officer).get(export(three))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    table = list(csv.reader(StringIO(words(answer).removeprefix("\ufeff"))))
    assert [row[0] for row in table[1:]] == ["1", "2", "3"]
    assert table[1][2] == "'=cmd|' /C calc'!A0"
    assert [row[4] for row in table[1:]] == ["6.00", "5.40", "4.20"]


# --- the applicant --------------------------------------------------------------------------------
def browser_of(case: Case) -> Client:
    """The browser of whoever signs for the applicant."""
    return desk(signer(case))


def test_an_applicant_reads_its_own_rank_and_the_best_of_the_group_once_countersigned(
    three: Cases, cast: demo.Cast
) -> None:
    case, browser = deciding.found(three["b"]), browser_of(three["b"])
    progress = reverse("case_progress", args=[case.reference])
    made = ranking.rank(case.round, procedure_key="recognition", group="higher", by=cast.officer)
    assert "5.40" not in words(browser.get(progress))

    ranking.approve(made, by=cast.leader)

    told = words(browser.get(progress))
    assert [each in told for each in ("5.40", "6.00", "4.20")] == [True, True, False]
    assert not any(three[name].reference in told or f"单位{name}" in told for name in "ac")


def test_an_applicant_answers_the_offer_of_a_smaller_amount(funded: Cases, cast: demo.Cast) -> None:
    ranked(funded, cast, by=cast.finance)
    by = signer(funded["b"])
    by.set_password(demo.PASSWORD)
    by.save()
    browser = browser_of(funded["b"])
    offer = reverse("case_offer", args=[funded["b"].reference])
    progress = reverse("case_progress", args=[funded["b"].reference])
    assert offer in words(browser.get(progress))
    asked = browser.get(offer)
    assert "200.00" in words(asked)
    assert asked.context["until"] == ranking.offer_ends(
        newest(funded).standings.get(case=funded["b"])
    )

    silent = browser.post(offer, {"factor": demo.PASSWORD})
    unsigned = browser.post(offer, {"answer": "take"})
    taken = browser.post(offer, {"answer": "take", "factor": demo.PASSWORD})
    again = browser.post(offer, {"answer": "wait", "factor": demo.PASSWORD})

    codes = [page.status_code for page in (silent, unsigned, taken, again)]
    assert codes == [422, 422, 303, 303]
    found = newest(funded).standings.get(case=funded["b"])
    assert (found.status, str(found.amount), found.accepted) == ("selected", "200.00", True)
    assert browser.get(offer).status_code == 404


def test_the_officer_ends_an_offer_nobody_answered(funded: Cases, cast: demo.Cast) -> None:
    ranked(funded, cast, by=cast.finance)
    browser = desk(cast.officer)
    last = ranking.offer_ends(ranking.offered(newest(funded)).get())
    assert last is not None
    assert 'value="lapse"' in words(browser.get(page(funded)))
    assert 'value="lapse"' not in words(desk(cast.finance).get(page(funded)))

    early = browser.post(page(funded), {"do": "lapse"})
    with clock.at(clock.end_of(last) + timedelta(seconds=1)):
        done = browser.post(page(funded), {"do": "lapse"})
        twice = browser.post(page(funded), {"do": "lapse"})

    assert (early.status_code, done.status_code, twice.status_code) == (409, 303, 404)
    assert newest(funded).standings.get(case=funded["b"]).status == "waiting"


def test_a_clerk_reads_the_offer_but_does_not_answer_it(funded: Cases, cast: demo.Cast) -> None:
    ranked(funded, cast, by=cast.finance)
    clerk = User.objects.create(username="clerk.b", name="经办")
    Membership.objects.create(
        user=clerk, organisation=funded["b"].applicant, role="clerk", valid_from=demo.SINCE
    )
    browser = desk(clerk)
    offer = reverse("case_offer", args=[funded["b"].reference])

    assert browser.get(offer).status_code == 200
    assert browser.post(offer, {"answer": "take"}).status_code == 403


def test_nobody_else_finds_an_offer(funded: Cases, cast: demo.Cast) -> None:
    ranked(funded, cast, by=cast.finance)
    offer = reverse("case_offer", args=[funded["b"].reference])

    assert browser_of(funded["a"]).get(offer).status_code == 404
    assert desk(cast.officer).get(offer).status_code == 404


# --- the public -----------------------------------------------------------------------------------
def test_a_public_notice_shows_mark_and_rank(three: Cases, cast: demo.Cast) -> None:
    ranked(three, cast)
    for name in "ab":
        deciding.decide(three[name], cast)
    deciding.publish([three["a"], three["b"]], cast)
    slug = three["a"].entries.get().notice.slug

    told = words(Client().get(reverse("notice", args=[slug])))

    assert [each in told for each in ("6.00", "5.40", "4.20")] == [True, True, False]
    assert three["a"].entries.get().facts["place"] == "1"


# --- too few to compare ---------------------------------------------------------------------------
def test_a_group_that_is_too_small_joins_another_round_from_its_page(
    called: Round, cast: demo.Cast
) -> None:
    pair = schools(called, {"a": BEST, "b": GOOD})
    other = call(SCHOOLS, edition=called.edition, quota=2)
    officer, address = desk(cast.officer), page(pair)
    assert 'value="merge"' in words(officer.get(address))

    unchosen = officer.post(address, {"do": "merge"})
    answer = officer.post(address, {"do": "merge", "into": other.key})

    assert (unchosen.status_code, answer.status_code) == (422, 303)
    assert {deciding.found(each).round for each in pair.values()} == {other}


def test_a_group_that_can_be_ranked_is_not_asked_to_join_another(
    three: Cases, cast: demo.Cast
) -> None:
    other = call(SCHOOLS, edition=deciding.found(three["a"]).edition)

    answer = desk(cast.officer).post(page(three), {"do": "merge", "into": other.key})

    assert answer.status_code == 409
    assert 'value="merge"' not in words(desk(cast.officer).get(page(three)))
    assert desk(cast.leader).post(page(three), {"do": "merge"}).status_code == 403


# --- what the applicant reads of its figures ------------------------------------------------------
def test_the_applicant_reads_what_does_not_apply_and_what_nobody_has(
    called: Round, cast: demo.Cast
) -> None:
    cases = schools(called, {"a": {**BEST, "I32": None}, "b": GOOD, "c": FAIR})
    ranked(cases, cast)

    with translation.override("en"):
        found = {each.code: each for each in place.of(deciding.found(cases["a"])).figures}

    assert (found["I32"].value, found["I32"].weight) == ("does not apply", "")
    assert (found["I18"].best, found["I18"].weight) == ("no data in the group", "2.04")
    assert (found["I24"].mark, found["I24"].weight) == ("3.06", "3.06")
