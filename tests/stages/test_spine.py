"""The whole way of the recorded applications, as the newcomer sees it."""

import pytest

from workflows.models import Certificate, Event
from workflows.models.case import State

pytestmark = pytest.mark.django_db


def test_a_certification_goes_from_draft_to_certificate(carry):
    case = carry("P1-001")

    assert (case.state, case.outcome, str(case.score)) == (State.GRANTED, "certified", "88.50")
    assert [title.kind for title in case.titles.all()] == ["certificate"]


def test_a_pool_entry_survives_its_correction_round(carry):
    case = carry("P1-002")

    assert (case.state, case.outcome) == (State.GRANTED, "entered_pool")
    assert case.submissions.count() == 2
    assert Certificate.objects.get(case=case).number.startswith("沪产教培库〔2026〕")


def test_every_verb_left_its_event(carry):
    case = carry("P1-002")

    kinds = list(Event.objects.filter(case=case).values_list("kind", flat=True))
    assert [kind for kind in kinds if kind not in ("file_attached", "document_issued")] == [
        "drafted",
        "draft_saved",
        "submitted",
        "returned",
        "draft_saved",
        "resubmitted",
        "accepted",
        "reviewed",
        "consulted",
        *["opinion_given"] * 6,
        "sent_to_evaluation",
        "panel_formed",
        *["no_interest_declared", "sheet_locked"] * 2,
        "proposed",
        "endorsed",
        "tabled",
        *["voted"] * 7,
        "resolved",
        "notice_opened",
        "notice_closed",
        "signed",
        "sealed",
        "granted",
        "delivered",
        "receipt_confirmed",
    ]
