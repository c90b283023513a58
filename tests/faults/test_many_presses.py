"""A hundred presses of the same button at once: one draft, one submission, one receipt."""

from functools import partial

import pytest

from tests.conftest import StandingClock
from tests.races import race
from tests.views.applicant import drafts
from tests.views.public.addresses import at, browser
from workflows import clock, demo, jobs
from workflows.models import Case, Document, Round, Submission, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PRESSES = 100


def pressed(address: str, by: User, sent: dict[str, str]) -> list[tuple[int, str]]:
    """Post the same form ``PRESSES`` times at once: the status and the way on of every answer."""
    hands = [browser(by) for _ in range(PRESSES)]
    answers = race([partial(hand.post, address, sent) for hand in hands])
    return [(each.status_code, each.get("Location", "")) for each in answers]


def test_a_hundred_presses_begin_one_draft(call: Round, standing_clock: StandingClock) -> None:
    signer = demo.signer(drafts.organisation())

    answers = pressed(at("apply"), signer, {"offer": f"{call.key}:pool_entry", "key": "a1b2"})

    case = Case.objects.get()
    assert set(answers) == {(303, at("case", case.reference))}


def test_a_hundred_presses_file_once(call: Round, standing_clock: StandingClock) -> None:
    case = drafts.filled(drafts.begun())
    signer = demo.signer(case.applicant)
    sent = {"promise": "on", "lacking": "on", "factor": demo.PASSWORD}

    with jobs.lane("presses"):
        answers = pressed(at("case_submit", case.reference), signer, sent)

    # a press that came while ten others were proving the same password is asked to try again
    assert {status for status, _ in answers} <= {303, 422}
    assert {way for status, way in answers if status == 303} == {at("case_receipt", case.reference)}
    assert Submission.objects.filter(case=case).count() == 1
    assert Document.objects.filter(case=case, kind="receipt").count() == 1
    jobs.run_due(clock.now())
    assert Document.objects.get(kind="receipt").state == Document.State.ISSUED
