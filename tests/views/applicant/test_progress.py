"""Progress: stations with dates, the office at work, papers, the clock account, the decision."""

from datetime import date, datetime

import pytest

from tests.conftest import StandingClock
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case, Decision, PublicNotice
from workflows.stages import acceptance, drafting, submission, suspension, withdrawal
from workflows.views.applicant.reckoning import reckoning
from workflows.views.applicant.standing import Standing, standings

pytestmark = pytest.mark.django_db


def page(case: Case) -> str:
    """The page as the clerk reads it."""
    answer = browser(demo.clerk(case.applicant)).get(at("case_progress", case.reference))
    assert answer.status_code == 200
    return text(answer)


def standing_of(case: Case) -> Standing:
    found = Case.objects.select_related("edition", "applicant", "round").get(pk=case.pk)
    (one,) = standings([found])
    return one


def way(case: Case) -> list[tuple[str, str]]:
    """State and date of every station."""
    return [(str(step["state"]), str(step["when"])) for step in standing_of(case).steps]


# --- stations ------------------------------------------------------------------------------------
def test_stations_passed_have_their_day_and_the_present_one_its_limit(evaluated: Case) -> None:
    states = way(evaluated)

    assert [state for state, _ in states] == ["done"] * 3 + ["now"] + ["todo"] * 3
    assert states[0] == ("done", "09-07")
    assert states[1] == ("done", "09-08")
    assert states[5] == ("todo", "5 working days")


def test_a_returned_case_waits_for_its_applicant(returned: Case) -> None:
    assert way(returned)[:2] == [("done", "09-24"), ("held", "waits for you")]
    assert standing_of(returned).offices == ["You, the applicant"]


def test_a_granted_case_has_passed_every_station(delivered: Case) -> None:
    assert {state for state, _ in way(delivered)} == {"done"}


def test_a_withdrawn_case_ends_where_it_stood(evaluated: Case) -> None:
    withdrawal.withdraw(evaluated, reason="不再申报", by=demo.signer(evaluated.applicant))

    assert [state for state, _ in way(evaluated)] == ["done"] * 3 + ["stop"] + ["todo"] * 3
    assert way(evaluated)[3] == ("stop", "10-08")


def test_a_suspended_case_stands_where_it_was_stopped(published: Case) -> None:
    cast = demo.cast(published.district)
    suspension.suspend(published, ground="litigation", reason="诉讼中", by=cast.leader)

    assert way(published)[5] == ("held", "suspended")
    light = standing_of(published).light
    assert light is not None
    assert light.colour == "pause"


def test_experts_and_officers_are_named_by_office_only(evaluated: Case) -> None:
    cast = demo.cast(evaluated.district)
    people = [*cast.experts, cast.window, cast.officer, cast.agency, cast.leader]

    words = page(evaluated)

    assert "Expert panel" in words
    assert [person.name for person in people if person.name in words] == []


def test_the_office_in_hand_changes_with_the_case(complete: Case) -> None:
    cast = demo.cast(complete.district)
    submission.submit(complete, by=demo.signer(complete.applicant))

    before = standing_of(complete)
    acceptance.accept(complete, by=cast.window)

    assert before.offices == ["Acceptance window"]
    assert standing_of(complete).offices == ["District office"]


def test_a_running_notice_is_linked_with_its_last_day(published: Case) -> None:
    notice = PublicNotice.objects.get(entries__case=published)

    words = page(published)

    assert at("notice", notice.slug) in words
    assert f"by {notice.closes:%m-%d}" in words


# --- the clock account ---------------------------------------------------------------------------
def test_the_clock_counts_from_acceptance_and_says_what_did_not_count(evaluated: Case) -> None:
    account = standing_of(evaluated).account

    assert account is not None
    assert (account.started, account.allowed, account.used) == (date(2026, 9, 8), 45, 3)
    assert [(pause.first, pause.last) for pause in account.pauses] == [(date(2026, 9, 11), None)]
    words = page(evaluated)
    assert "Third-party evaluation" in words
    assert "after 2026-09-11, still standing" in words
    assert "at the earliest, the clock stands" in words


def test_the_due_day_is_taken_apart_day_by_day(published: Case) -> None:
    account = standing_of(published).account
    found = reckoning(account)

    assert account is not None
    assert found is not None
    terms = dict(found.terms)
    assert {"weekends", "New Year's Day", "Third-party evaluation"} >= terms.keys()
    assert found.passed == (found.last - found.first).days
    assert found.passed - sum(terms.values()) == found.counted == account.allowed
    assert "How the day was derived" in page(published)


def test_the_holidays_between_are_named_and_weekends_of_work_counted(evaluated: Case) -> None:
    found = reckoning(standing_of(evaluated).account)

    assert found is not None
    assert dict(found.terms)["National Day"] == 5
    assert len(found.made_up) == 2  # 20 September and 10 October 2026


def test_before_acceptance_the_clock_has_not_started(returned: Case) -> None:
    found = standing_of(returned)

    assert found.account is None
    assert found.waits == date(2026, 10, 19)
    assert "The decision clock starts when the application is accepted." in page(returned)


def test_a_case_that_ended_without_a_decision_has_no_light(evaluated: Case) -> None:
    withdrawal.withdraw(evaluated, reason="不再申报", by=demo.signer(evaluated.applicant))

    assert standing_of(evaluated).light is None


def test_a_case_past_its_limit_shows_red(published: Case, standing: StandingClock) -> None:
    standing.move_to(datetime(2027, 3, 1, 9, 0, tzinfo=clock.LOCAL))

    found = standing_of(published)

    assert found.light is not None
    assert found.light.colour == "red"
    assert found.account is not None
    assert found.account.over


def test_a_decision_in_time_shows_a_ring(delivered: Case) -> None:
    light = standing_of(delivered).light

    assert light is not None
    assert light.colour == "done"


def test_an_extension_is_said_with_its_days(published: Case) -> None:
    suspension.extend(published, reason="案情复杂", by=demo.cast(published.district).leader)

    words = page(published)

    assert "60 working days" in words
    assert "15 of them by extension" in words


# --- papers and decision -------------------------------------------------------------------------
def test_every_paper_can_be_downloaded_and_verified(delivered: Case) -> None:
    words = page(delivered)

    codes = list(delivered.documents.values_list("code", flat=True))
    links = [at(name, code) for code in codes for name in ("paper", "certificate_check")]
    assert len(codes) == 7
    assert [link for link in links if link not in words] == []


def test_a_paper_is_named_in_the_readers_language_with_the_title_it_bears(delivered: Case) -> None:
    english = page(delivered)
    address = at("case_progress", delivered.reference).removeprefix("/en")
    chinese = text(browser(demo.clerk(delivered.applicant)).get(address))

    assert 'Notice of acceptance<span class="sub" lang="zh-CN">受理通知书</span>' in english
    assert '<span lang="zh-CN">受理通知书</span>' in chinese
    assert "Notice of acceptance" not in chinese


def test_a_paper_not_made_yet_has_no_link(complete: Case) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))
    document = complete.documents.get()

    words = page(complete)

    assert "Being prepared" in words
    assert at("paper", document.code) not in words


def test_the_decision_stays_inside_the_office_until_it_is_delivered(published: Case) -> None:
    finding = "尚未送达的拟办意见"
    Decision.objects.filter(case=published).update(finding=finding, number="沪产教联办〔2026〕99号")

    words = page(published)

    assert finding not in words
    assert "沪产教联办〔2026〕99号" not in words


def test_neither_list_nor_code_shows_a_decision_before_it_is_delivered(delivered: Case) -> None:
    Decision.objects.filter(case=delivered).update(delivered=None)
    papers = delivered.documents.filter(kind__in=["decision_granted", "pool_notice"])
    clerk, officer = demo.clerk(delivered.applicant), demo.cast(delivered.district).officer

    words = page(delivered)

    assert papers.count() == 2
    for code, title in papers.values_list("code", "title"):
        assert code not in words
        assert title not in text(browser(clerk).get(at("certificate_check", code)))
        assert browser(clerk).get(at("paper", code)).status_code == 404
        assert browser(officer).get(at("paper", code)).status_code == 200


def test_receipt_is_confirmed_once_by_a_signer(delivered: Case) -> None:
    clerk, signer = (browser(who(delivered.applicant)) for who in (demo.clerk, demo.signer))
    before = text(signer.get(at("case_progress", delivered.reference)))

    refused = clerk.post(at("case_acknowledge", delivered.reference))
    unsigned = signer.post(at("case_acknowledge", delivered.reference))
    answer, _ = (
        signer.post(at("case_acknowledge", delivered.reference), {"factor": demo.PASSWORD})
        for _ in range(2)
    )

    assert "I received it" in before
    assert (refused.status_code, unsigned.status_code) == (403, 422)
    assert "Enter your password to sign" in text(unsigned)
    assert (answer.status_code, answer["Location"]) == (
        303,
        at("case_progress", delivered.reference),
    )
    assert "I received it" not in text(signer.get(at("case_progress", delivered.reference)))
    assert delivered.events.filter(kind="receipt_confirmed").count() == 1


def test_nothing_can_be_confirmed_before_it_is_delivered(published: Case) -> None:
    signer = browser(demo.signer(published.applicant))

    answer = signer.post(at("case_acknowledge", published.reference))

    assert answer.status_code == 409
    assert not published.events.filter(kind="receipt_confirmed").exists()


def test_a_refusal_gives_reasons_and_remedies(delivered: Case) -> None:
    decision = Decision.objects.filter(case=delivered)
    decision.update(grants=False, reasons=["经核实满足的条件不足两项"])

    words = page(delivered)

    assert "经核实满足的条件不足两项" in words
    assert "you may ask this office for reconsideration within 10 working days" in words


def test_a_draft_is_not_under_way(draft: Case) -> None:
    answer = browser(demo.clerk(draft.applicant)).get(at("case_progress", draft.reference))

    assert (answer.status_code, answer["Location"]) == (302, at("case", draft.reference))


def test_a_draft_thrown_away_says_so(draft: Case) -> None:
    drafting.discard(draft, by=demo.clerk(draft.applicant))

    assert "This draft was thrown away" in page(draft)


def test_a_deemed_acceptance_counts_from_the_day_of_filing(
    complete: Case, standing: StandingClock
) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))
    standing.move_to(datetime(2026, 9, 15, 9, 0, tzinfo=clock.LOCAL))

    acceptance.deem_accepted(complete)

    account = standing_of(complete).account
    assert account is not None
    assert (account.started, account.used) == (date(2026, 9, 7), 6)


def test_the_title_granted_is_named(delivered: Case) -> None:
    number = delivered.titles.get().number

    assert number in page(delivered)
