"""Taking back and throwing away: the signer, a reason, and once."""

import json

import pytest
from django.http import HttpResponse

from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, User
from workflows.models.case import State
from workflows.stages import submission

pytestmark = pytest.mark.django_db


def withdraw(case: Case, by: User, reason: str = "", factor: str = demo.PASSWORD) -> HttpResponse:
    words = {"reason": reason, "factor": factor}
    return browser(by).post(at("case_withdraw", case.reference), words)


def facts(case: Case, kind: str) -> dict[str, str]:
    return json.loads(case.events.get(kind=kind).body)["facts"]


def state(case: Case) -> str:
    return Case.objects.values_list("state", flat=True).get(pk=case.pk)


def test_the_signer_takes_the_application_back(evaluated: Case) -> None:
    answer = withdraw(evaluated, demo.signer(evaluated.applicant), "不再申报")

    assert (answer.status_code, answer["Location"]) == (
        303,
        at("case_progress", evaluated.reference),
    )
    assert state(evaluated) == State.WITHDRAWN


def test_taking_back_is_signed_with_a_factor_that_the_trail_names(evaluated: Case) -> None:
    signer = demo.signer(evaluated.applicant)

    unsigned = withdraw(evaluated, signer, "不再申报", factor="")
    wrong = withdraw(evaluated, signer, "不再申报", factor="not-the-password")
    signed = withdraw(evaluated, signer, "不再申报")

    assert "Enter your password to sign" in text(unsigned)
    assert "The password is not right" in text(wrong)
    assert [each.status_code for each in (unsigned, wrong, signed)] == [422, 422, 303]
    assert facts(evaluated, "withdrawn")["signed_with"] == "password"


def test_a_reason_is_asked_for(evaluated: Case) -> None:
    answer = withdraw(evaluated, demo.signer(evaluated.applicant), "  ")

    assert answer.status_code == 422
    assert "Give the reason for taking the application back" in text(answer)
    assert state(evaluated) == State.EVALUATING


def test_a_clerk_may_not_withdraw(evaluated: Case) -> None:
    clerk = demo.clerk(evaluated.applicant)

    page = text(browser(clerk).get(at("case_withdraw", evaluated.reference)))
    answer = withdraw(evaluated, clerk, "不再申报")

    assert "The authorised signer takes this step" in page
    assert answer.status_code == 403
    assert state(evaluated) == State.EVALUATING


def test_during_the_notice_the_office_is_asked(published: Case) -> None:
    signer = demo.signer(published.applicant)
    offered = text(browser(signer).get(at("case_withdraw", published.reference)))

    answer = withdraw(published, signer, "材料有误，需要撤回")
    progress = text(browser(signer).get(at("case_progress", published.reference)))

    assert "Ask the office" in offered
    assert answer.status_code == 303
    assert "Until the office answers everything goes on." in progress
    assert state(published) == State.NOTICE


def test_the_office_is_asked_once_and_the_text_is_kept(published: Case) -> None:
    signer = demo.signer(published.applicant)
    withdraw(published, signer, "材料有误，需要撤回")

    answer = withdraw(published, signer, "再次请求撤回")
    page = text(browser(signer).get(at("case_withdraw", published.reference)))

    assert answer.status_code == 409
    assert "The office was asked" in page
    assert published.events.filter(kind="withdrawal_asked").count() == 1


def test_a_decided_case_can_no_longer_be_taken_back(delivered: Case) -> None:
    signer = demo.signer(delivered.applicant)

    page = text(browser(signer).get(at("case_withdraw", delivered.reference)))
    answer = withdraw(delivered, signer, "不再申报")

    assert "This application can no longer be withdrawn" in page
    assert answer.status_code == 409
    assert state(delivered) == State.GRANTED


def test_a_second_press_changes_nothing(evaluated: Case) -> None:
    signer = demo.signer(evaluated.applicant)
    withdraw(evaluated, signer, "不再申报")

    answer = withdraw(evaluated, signer, "不再申报")

    assert answer.status_code == 409
    assert evaluated.events.filter(kind="withdrawn").count() == 1


def test_a_draft_is_thrown_away_not_withdrawn(draft: Case) -> None:
    answer = browser(demo.signer(draft.applicant)).get(at("case_withdraw", draft.reference))

    assert answer["Location"] == at("case_discard", draft.reference)


def test_throwing_away_asks_first_and_happens_once(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    asked = clerk.get(at("case_discard", draft.reference))
    unchanged = state(draft)
    answers = [clerk.post(at("case_discard", draft.reference)) for _ in range(2)]

    assert "Nothing was filed, so nobody is told." in text(asked)
    assert unchanged == State.DRAFT
    assert {answer["Location"] for answer in answers} == {at("workspace")}
    assert state(draft) == State.WITHDRAWN
    assert draft.events.filter(kind="discarded").count() == 1


def test_what_is_filed_cannot_be_thrown_away(complete: Case) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))
    clerk = browser(demo.clerk(complete.applicant))

    page = clerk.get(at("case_discard", complete.reference))
    answer = clerk.post(at("case_discard", complete.reference))

    assert page["Location"] == at("case", complete.reference)
    assert answer.status_code == 409
    assert state(complete) == State.SUBMITTED
