"""X4 on the applicant's pages: the renewed licence is asked for, with its file and its last day."""

from datetime import date

import pytest

from tests.views.applicant.drafts import again
from tests.views.applicant.test_papers import pdf
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case, Supplement

pytestmark = pytest.mark.django_db
FACTOR = {"factor": demo.PASSWORD}


@pytest.fixture
def held(asked: Case) -> Case:
    """A case whose applicant was asked for its renewed licence."""
    Supplement.objects.filter(case=asked).update(ground=Supplement.Ground.LICENCE)
    return again(asked)


def send(case: Case, **told: object) -> object:
    signer = browser(demo.signer(case.applicant))
    return signer.post(at("case_supplement", case.reference), {"do": "send", **FACTOR, **told})


def test_the_pages_say_what_is_at_stake(held: Case) -> None:
    signer = browser(demo.signer(held.applicant))

    for place in ("case_supplement", "case_progress"):
        assert "Hand in the renewed licence by" in text(signer.get(at(place, held.reference)))
    assert "Hand in the renewed licence by" in text(signer.get(at("workspace")))


def test_the_renewed_licence_is_sent_with_its_last_day(held: Case) -> None:
    answer = send(held, valid_to="2031-10-09", files=pdf())

    sent = Supplement.objects.get(case=held)
    page = text(browser(demo.signer(held.applicant)).get(answer["Location"]))
    assert answer.status_code == 303
    assert (sent.closed_as, sent.valid_to) == ("answered", date(2031, 10, 9))
    assert [each["name"] for each in sent.files] == ["审计报告.pdf"]
    assert "valid until 2031-10-09" in page


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"files": True}, "Give the last day of the renewed licence."),
        ({"files": True, "valid_to": "2026-10-01"}, "Attach the renewed licence"),
        ({"valid_to": "2031-10-09", "note": "…"}, "Attach the renewed licence"),
    ],
)
def test_less_is_refused_in_words(held: Case, told: dict[str, object], sentence: str) -> None:
    given = {**told, "files": pdf()} if told.get("files") else told

    page = send(held, **given)

    assert page.status_code == 422
    assert sentence in text(page)
    assert Supplement.objects.get(case=held).closed is None
    assert clock.today() > date(2026, 10, 1)


def test_a_half_filled_answer_keeps_its_day(held: Case) -> None:
    clerk = browser(demo.clerk(held.applicant))

    clerk.post(at("case_supplement", held.reference), {"valid_to": "2031-10-09"})

    assert 'value="2031-10-09"' in text(clerk.get(at("case_supplement", held.reference)))
