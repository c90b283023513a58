"""Saving by itself: what a section's page is answered, and who may write there now."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from forms import merging
from tests.conftest import StandingClock
from tests.views.applicant.drafts import again, section, sent
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, Event, User
from workflows.stages import presence, submission

pytestmark = pytest.mark.django_db


def address(case: Case, code: str = "plan") -> str:
    """Where the script of a section's page sends what was typed."""
    return at("case_keep", case.reference, code)


def keep(
    client: Client, case: Case, page: HttpResponse, **typed: str
) -> tuple[int, dict[str, Any]]:
    """Send what the page's script would send after ``typed``; its status and answer."""
    answer = client.post(address(case), sent(page, **typed))
    return answer.status_code, answer.json()


@pytest.fixture
def clerk(complete: Case) -> Client:
    """The clerk's browser."""
    return browser(demo.clerk(complete.applicant))


@pytest.fixture
def signer(complete: Case) -> Client:
    """The signer's browser."""
    return browser(demo.signer(complete.applicant))


# --- keeping --------------------------------------------------------------------------------------
def test_right_and_wrong_typing_are_kept_alike(complete: Case, clerk: Client) -> None:
    page = clerk.get(section(complete, "plan"))

    status, answer = keep(clerk, complete, page, plan_from="２０２８", plan_investment="viel")

    draft = again(complete).draft
    assert (status, answer["state"], answer["words"]) == (200, "kept", "Saved 9 a.m.")
    assert (draft["plan_from"], draft["plan_investment"]) == (2028, "viel")


def test_marks_that_come_back_are_of_what_was_kept(complete: Case, clerk: Client) -> None:
    page = clerk.get(section(complete, "plan"))
    _, first = keep(clerk, complete, page, plan_from="2028")

    status, second = keep(clerk, complete, page, plan_from="2029", seen=first["seen"])

    assert (status, second["state"]) == (200, "kept")
    assert again(complete).draft["plan_from"] == 2029


def test_a_sign_of_life_writes_no_answer(complete: Case, clerk: Client) -> None:
    answer = clerk.post(address(complete))

    assert answer.json() == {"state": "kept", "asker": ""}
    assert again(complete).draft_revision == complete.draft_revision


def test_typing_for_an_hour_fills_six_entries_of_the_trail(
    complete: Case, clerk: Client, standing: StandingClock
) -> None:
    page = clerk.get(section(complete, "plan"))
    before, marks = Event.objects.count(), sent(page)["seen"]
    standing.pass_(minutes=10)

    for number in range(12):
        _, answer = keep(clerk, complete, page, plan_investment=str(number + 1), seen=marks)
        marks = answer["seen"]
        standing.pass_(minutes=5)

    assert Event.objects.count() - before == 6
    assert again(complete).draft["plan_investment"] == "12.00"


# --- with a colleague -----------------------------------------------------------------------------
def test_a_clash_is_told_and_never_decided_here(
    complete: Case, clerk: Client, signer: Client
) -> None:
    mine, theirs = (each.get(section(complete, "plan")) for each in (clerk, signer))
    signer.post(section(complete, "plan"), sent(theirs, plan_from="2028"))

    first = keep(clerk, complete, mine, plan_from="2029", plan_investment="500")
    second = keep(clerk, complete, mine, plan_from="2030", seen=first[1]["seen"])

    draft = again(complete).draft
    assert [(status, answer["state"]) for status, answer in (first, second)] == [(409, "clash")] * 2
    assert first[1]["words"] == "1 answer was changed elsewhere too"
    assert draft["plan_from"] == 2028


def test_an_answer_adopted_unseen_is_not_turned_back_by_the_next_saving(
    complete: Case, clerk: Client, signer: Client
) -> None:
    mine, theirs = (each.get(section(complete, "plan")) for each in (clerk, signer))
    signer.post(section(complete, "plan"), sent(theirs, plan_from="2028"))

    _, first = keep(clerk, complete, mine, plan_investment="500")
    _, second = keep(clerk, complete, mine, plan_investment="600", seen=first["seen"])

    assert (first["elsewhere"], second["elsewhere"]) == (1, 1)
    draft = again(complete).draft
    assert (draft["plan_from"], draft["plan_investment"]) == (2028, "600.00")


def test_a_second_person_reads_who_is_writing_and_writes_nothing(
    complete: Case, clerk: Client, signer: Client
) -> None:
    page = signer.get(section(complete, "plan"))
    clerk.post(address(complete))

    status, answer = keep(signer, complete, page, plan_from="2028")
    shown = signer.get(section(complete, "plan"))

    name = demo.clerk(complete.applicant).name
    assert (status, answer["state"]) == (423, "taken")
    assert answer["words"] == f"{name} is filling in this section."
    assert shown.status_code == 423
    assert f"{name} is filling in section" in text(shown)
    assert 'name="plan_from"' not in text(shown)
    assert "Ask to take over" in text(shown)
    assert again(complete).draft["plan_from"] != 2028


def test_colleagues_in_other_sections_are_named_beside(
    complete: Case, clerk: Client, signer: Client
) -> None:
    clerk.post(address(complete, "basics"))

    words = text(signer.get(section(complete, "plan")))

    assert f"{demo.clerk(complete.applicant).name} is filling in “" in words


def test_text_that_comes_too_late_stays_on_the_page(
    complete: Case, clerk: Client, signer: Client
) -> None:
    page = signer.get(section(complete, "plan"))
    clerk.post(address(complete))

    answer = signer.post(section(complete, "plan"), sent(page, plan_from="2028", go="next"))

    assert answer.status_code == 423
    assert sent_from(answer)["plan_from"] == "2028"
    assert "What you typed is not saved, and not lost" in text(answer)


def sent_from(page: HttpResponse) -> dict[str, str]:
    """What the form on a page that is taken would send."""
    page.status_code = 200
    return sent(page)


def test_taking_over_without_scripts_loses_nothing(
    complete: Case, clerk: Client, signer: Client, standing: StandingClock
) -> None:
    page = signer.get(section(complete, "plan"))
    clerk.post(address(complete))
    late = signer.post(section(complete, "plan"), sent(page, plan_investment="400"))
    asked = signer.post(section(complete, "plan"), sent_from(late) | {"go": "ask"})
    standing.pass_(seconds=61)

    answer = signer.post(section(complete, "plan"), sent_from(asked) | {"go": "next"})

    assert "was asked to hand over" in text(asked)
    assert answer.status_code == 303
    assert again(complete).draft["plan_investment"] == "400.00"


def test_the_writer_is_asked_and_hands_over(complete: Case, clerk: Client, signer: Client) -> None:
    clerk.post(address(complete))
    asking = signer.post(section(complete, "plan"), {"go": "ask"})

    told = clerk.post(address(complete)).json()
    handed = clerk.post(address(complete), {"answer": "grant"})

    assert asking.status_code == 423
    assert told["asker"] == demo.signer(complete.applicant).name
    assert (handed.status_code, handed.json()["state"]) == (423, "taken")
    assert signer.get(address(complete)).json()["state"] == "free"
    assert signer.get(section(complete, "plan")).status_code == 200


def test_a_writer_who_goes_on_ends_the_request(
    complete: Case, clerk: Client, signer: Client, standing: StandingClock
) -> None:
    clerk.post(address(complete))
    signer.post(section(complete, "plan"), {"go": "ask"})
    waiting = signer.get(address(complete)).json()

    answer = clerk.post(address(complete), {"answer": "stay"}).json()

    standing.pass_(seconds=70)
    refused = signer.get(address(complete)).json()
    assert answer == {"state": "kept", "asker": ""}
    assert (waiting["state"], refused["state"]) == ("taken", "taken")
    assert "was asked to hand over" in waiting["words"]
    assert refused["words"].endswith("is filling in this section.")


def test_a_page_that_is_left_is_free_at_once(complete: Case, clerk: Client, signer: Client) -> None:
    clerk.post(address(complete))

    clerk.post(address(complete), {"leave": "1"})

    assert signer.get(address(complete)).json()["state"] == "free"


# --- not now --------------------------------------------------------------------------------------
def test_whoever_was_signed_out_reads_401_and_nothing_else(complete: Case) -> None:
    answers = [method(address(complete)) for method in (Client().get, Client().post)]

    assert [(each.status_code, each.json()) for each in answers] == [
        (401, {"state": "signed_out"})
    ] * 2


def test_after_filing_nothing_is_kept_and_the_page_is_told(complete: Case, clerk: Client) -> None:
    page = clerk.get(section(complete, "plan"))
    submission.submit(complete, by=demo.signer(complete.applicant))

    status, answer = keep(clerk, complete, page, plan_from="2028")

    assert (status, answer["state"]) == (409, "closed")
    assert "already been submitted" in answer["words"]


def test_a_foreign_application_is_a_missing_one(complete: Case, stranger: User) -> None:
    client = browser(stranger)

    statuses = {
        getattr(client, method)(place).status_code
        for method in ("get", "post")
        for place in (address(complete), at("case_keep", "CJRH-2019-9999", "plan"))
    }

    assert statuses == {404}


def test_a_section_that_is_none_is_not_there(complete: Case, clerk: Client) -> None:
    assert clerk.post(address(complete, "nonsense")).status_code == 404


def test_a_returned_application_is_kept_where_the_office_asked(returned: Case) -> None:
    item = returned.correction.items.get(position=1)
    item.target = "plan_goals"
    item.save()
    clerk = browser(demo.clerk(returned.applicant))
    page = clerk.get(section(returned, "plan"))
    before = again(returned).draft["plan_from"]
    forged = merging.written({"plan_from": merging.mark(before)})

    status, _ = keep(clerk, returned, page, plan_goals="三年培养技师一百名")
    refused = clerk.post(address(returned), {"plan_from": "2030", "seen": forged})

    draft = again(returned).draft
    assert (status, draft["plan_goals"]) == (200, "三年培养技师一百名")
    assert (refused.status_code, refused.json()["state"]) == (409, "closed")
    assert draft["plan_from"] == before


# --- staying signed in ----------------------------------------------------------------------------
def test_a_reader_stays_signed_in_when_they_ask(complete: Case, clerk: Client) -> None:
    kept = clerk.session
    kept.set_expiry(240)
    kept.save()

    page = text(clerk.get(section(complete, "plan")))
    answer = clerk.post(at("stay"))

    assert 'data-left="' in page
    assert (answer.status_code, answer.json()["state"]) == (200, "staying")
    assert Client().post(at("stay")).status_code == 401


def test_an_open_page_alone_keeps_nobody_signed_in(complete: Case, clerk: Client) -> None:
    page = clerk.get(section(complete, "plan"))

    life = clerk.post(address(complete))
    _ = keep(clerk, complete, page, plan_from="2028")

    assert "sessionid" not in life.cookies
    assert presence.elsewhere(complete, demo.signer(complete.applicant)).keys() == {"plan"}
