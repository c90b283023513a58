"""Signing and filing: the signer only, once, and a receipt for whoever asks again."""

import json
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.http import HttpResponse

from tests.conftest import StandingClock
from tests.views.applicant.drafts import attach_all, filled
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo, jobs
from workflows.models import Case, User
from workflows.models.case import State
from workflows.stages import submission

pytestmark = pytest.mark.django_db
SIGNED = {"factor": demo.PASSWORD}
BOTH = {"promise": "on", "lacking": "on", **SIGNED}


def submit(case: Case, by: User, **given: str) -> HttpResponse:
    return browser(by).post(at("case_submit", case.reference), given)


def state(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def test_the_signer_files_and_gets_a_receipt(complete: Case) -> None:
    attach_all(complete)
    signer = demo.signer(complete.applicant)

    answer = submit(complete, signer, promise="on", **SIGNED)

    receipt = text(browser(signer).get(answer["Location"]))
    assert (answer.status_code, answer["Location"]) == (303, at("case_receipt", complete.reference))
    assert state(complete) == State.SUBMITTED
    assert complete.reference in receipt
    assert "By Sept. 14, 2026 the office tells you" in receipt


def test_a_second_press_shows_the_same_receipt(complete: Case) -> None:
    signer = demo.signer(complete.applicant)
    submit(complete, signer, **BOTH)

    answer = submit(complete, signer, **BOTH)

    assert (answer.status_code, answer["Location"]) == (303, at("case_receipt", complete.reference))
    assert complete.submissions.count() == 1


def test_a_press_that_loses_the_race_shows_the_same_receipt(
    complete: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = demo.signer(complete.applicant)
    file = submission.submit

    def faster(case: Case, **given: Any) -> object:
        file(case, **given)
        return file(case, **given)

    monkeypatch.setattr(submission, "submit", faster)
    answer = submit(complete, signer, **BOTH)

    assert (answer.status_code, answer["Location"]) == (303, at("case_receipt", complete.reference))
    assert complete.submissions.count() == 1


def test_a_clerk_reads_who_signs_and_may_not(complete: Case) -> None:
    clerk = demo.clerk(complete.applicant)

    page = browser(clerk).get(at("case_submit", complete.reference))
    answer = submit(complete, clerk, **BOTH)

    assert demo.signer(complete.applicant).name in text(page)
    assert "<form class" not in text(page)
    assert answer.status_code == 403
    assert "This step belongs to another office." in text(answer)
    assert state(complete) == State.DRAFT


def test_the_promise_is_read_and_confirmed(complete: Case) -> None:
    attach_all(complete)
    signer = demo.signer(complete.applicant)

    page = browser(signer).get(at("case_submit", complete.reference))
    answer = submit(complete, signer, **SIGNED)

    commitment = complete.rules.form.field("commitment")
    assert commitment.en in text(page)
    assert answer.status_code == 422
    assert "Confirm the commitment before you submit" in text(answer)
    assert state(complete) == State.DRAFT


def test_missing_papers_are_named_and_confirmed(complete: Case) -> None:
    signer = demo.signer(complete.applicant)

    page = text(browser(signer).get(at("case_submit", complete.reference)))
    unconfirmed = submit(complete, signer, promise="on", **SIGNED)
    confirmed = submit(complete, signer, **BOTH)

    assert "Required papers not attached" in page
    assert "Audit reports or tax certificates" in page
    assert unconfirmed.status_code == 422
    assert "Confirm that you submit without these papers" in text(unconfirmed)
    assert confirmed.status_code == 303


def test_an_unfinished_draft_is_refused_with_what_is_missing(draft: Case) -> None:
    signer = demo.signer(draft.applicant)

    answer = submit(draft, signer, **BOTH)

    assert answer.status_code == 422
    assert "Some answers are missing or need correction." in text(answer)
    assert "#q-plan_goals" in text(answer)
    assert state(draft) == State.DRAFT


def test_a_draft_that_is_not_eligible_is_refused_with_the_reason(complete: Case) -> None:
    filled(complete, established_on="2025-06-01")

    answer = submit(complete, demo.signer(complete.applicant), **BOTH)

    assert answer.status_code == 422
    assert "The enterprise must have operated for 3 years" in text(answer)


def test_a_closed_call_is_said_before_and_after_pressing(
    complete: Case, standing: StandingClock
) -> None:
    standing.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=clock.LOCAL))
    signer = demo.signer(complete.applicant)

    page = browser(signer).get(at("case_submit", complete.reference))
    answer = submit(complete, signer, **BOTH)

    assert "The call is not open" in text(page)
    assert answer.status_code == 409
    assert state(complete) == State.DRAFT


def test_a_returned_case_is_handed_in_on_its_own_page(returned: Case) -> None:
    answer = submit(returned, demo.signer(returned.applicant), **BOTH)

    assert answer["Location"] == at("case_correction", returned.reference)
    assert state(returned) == State.RETURNED


def test_the_receipt_is_offered_as_a_paper_once_it_is_made(complete: Case) -> None:
    signer = browser(demo.signer(complete.applicant))
    with jobs.lane("receipt"):
        submit(complete, demo.signer(complete.applicant), **BOTH)
    early = text(signer.get(at("case_receipt", complete.reference)))

    with jobs.lane("receipt"):
        jobs.run_due(clock.now(), "receipt")
        jobs.close_lane("receipt")

    late = text(signer.get(at("case_receipt", complete.reference)))
    document = complete.documents.get(kind="receipt")
    assert "The receipt is being made" in early
    assert at("paper", document.code) in late


def test_there_is_no_receipt_before_filing(draft: Case) -> None:
    answer = browser(demo.clerk(draft.applicant)).get(at("case_receipt", draft.reference))

    assert (answer.status_code, answer["Location"]) == (302, at("case", draft.reference))


# --- the signature --------------------------------------------------------------------------------
def test_a_wrong_password_signs_nothing(complete: Case) -> None:
    signer = demo.signer(complete.applicant)

    answer = submit(complete, signer, **{**BOTH, "factor": "someone-elses"})

    assert answer.status_code == 422
    assert "The password is not right" in text(answer)
    assert state(complete) == State.DRAFT


def test_a_session_left_open_signs_nothing(complete: Case) -> None:
    signer = demo.signer(complete.applicant)

    answer = submit(complete, signer, promise="on", lacking="on")

    assert answer.status_code == 422
    assert "Enter your password to sign" in text(answer)
    assert state(complete) == State.DRAFT


def test_whoever_has_a_second_factor_signs_with_it(complete: Case) -> None:
    signer = demo.signer(complete.applicant)
    secret = generate_totp_secret()
    TOTP.activate(signer, secret)
    now = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))

    by_password = submit(complete, signer, **BOTH)
    by_code = submit(complete, signer, **{**BOTH, "factor": now})

    assert by_password.status_code == 422
    assert "The code is not right" in text(by_password)
    assert by_code.status_code == 303
    assert json.loads(complete.events.get(kind="submitted").body)["facts"]["signed_with"] == "code"


def test_guessing_passwords_is_stopped(complete: Case) -> None:
    signer = demo.signer(complete.applicant)

    answers = [submit(complete, signer, **{**BOTH, "factor": f"guess {n}"}) for n in range(11)]

    assert "Too many" in text(answers[-1])
    assert state(complete) == State.DRAFT
