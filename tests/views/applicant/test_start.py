"""Beginning an application: an open call, one of the reader's own organisations, once."""

from datetime import datetime

import pytest

from tests.conftest import StandingClock
from tests.views.applicant.drafts import organisation
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case, Membership, Organisation, Round, User
from workflows.stages import people

pytestmark = pytest.mark.django_db
OFFER = "P1-2026:pool_entry"


def test_what_a_certificate_builds_on_is_offered_before_it(draft: Case) -> None:
    page = text(browser(demo.clerk(draft.applicant)).get(at("apply")))

    assert 0 < page.index(f'value="{OFFER}"') < page.index('value="P1-2026:certification"')


def test_choosing_opens_a_draft(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    answer = clerk.post(at("apply"), {"offer": "P1-2026:certification"})

    begun = Case.objects.get(procedure_key="certification")
    assert (answer.status_code, answer["Location"]) == (303, at("case", begun.reference))
    assert begun.applicant == draft.applicant
    assert begun.draft["org_name"] == draft.applicant.name


def test_a_second_draft_leads_to_the_first(draft: Case) -> None:
    answer = browser(demo.clerk(draft.applicant)).post(at("apply"), {"offer": OFFER})

    assert answer.status_code == 409
    assert f'href="{at("case", draft.reference)}"' in text(answer)
    assert Case.objects.filter(applicant=draft.applicant).count() == 1


def test_nothing_chosen_is_said_at_the_choice(draft: Case) -> None:
    answer = browser(demo.clerk(draft.applicant)).post(at("apply"), {})

    assert answer.status_code == 422
    assert "<title>Error:" in text(answer)
    assert "Choose what you apply for" in text(answer)


def test_nobody_applies_for_an_organisation_of_others(draft: Case, stranger: User) -> None:
    foreign = {"offer": OFFER, "organisation": str(draft.applicant.pk)}

    answer = browser(stranger).post(at("apply"), foreign)

    assert answer.status_code == 422
    assert not Case.objects.filter(created_by=stranger).exists()


def test_who_acts_for_two_organisations_chooses_one(draft: Case, stranger: User) -> None:
    second: Organisation = stranger.memberships.get().organisation
    clerk = demo.clerk(draft.applicant)
    people.enrol(second, user=clerk, role=Membership.Role.CLERK, by=None)

    asked = browser(clerk).post(at("apply"), {"offer": "P1-2026:certification"})
    chosen = browser(clerk).post(at("apply"), {"offer": OFFER, "organisation": second.pk})

    assert asked.status_code == 422
    assert "Choose the organisation that applies" in text(asked)
    assert chosen.status_code == 303
    assert Case.objects.get(created_by=clerk, applicant=second).procedure_key == "pool_entry"


def test_a_closed_call_is_not_offered(draft: Case, standing: StandingClock) -> None:
    standing.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=clock.LOCAL))
    clerk = browser(demo.clerk(draft.applicant))

    page, answer = clerk.get(at("apply")), clerk.post(at("apply"), {"offer": OFFER})

    assert "No call is open today" in text(page)
    assert answer.status_code == 422


def test_the_offer_names_matter_call_and_last_day(draft: Case) -> None:
    words = text(browser(demo.clerk(draft.applicant)).get(at("apply")))

    call = Round.objects.get(key="P1-2026")
    assert f"Entry in the cultivation pool ({call.title}, until Dec. 31, 2026)" in words


def test_the_draft_belongs_to_the_only_organisation_unasked(draft: Case) -> None:
    page = browser(demo.clerk(draft.applicant)).get(at("apply"))

    assert "For which organisation" not in text(page)
    assert organisation().name not in text(page).split("<form class")[1].split("</form>")[0]


# --- one form, one draft --------------------------------------------------------------------------
def test_the_same_form_sent_twice_begins_one_draft(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    sent = {"offer": "P1-2026:certification", "key": "4f2a"}

    first, second = clerk.post(at("apply"), sent), clerk.post(at("apply"), sent)

    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert Case.objects.filter(procedure_key="certification").count() == 1


def test_a_form_sent_again_with_other_choices_is_asked_anew(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    clerk.post(at("apply"), {"offer": "P1-2026:certification", "key": "4f2a"})

    answer = clerk.post(at("apply"), {"offer": OFFER, "key": "4f2a"})

    assert answer.status_code == 422
    assert "already sent with other choices" in text(answer)
    assert 'value="4f2a"' not in text(answer)
