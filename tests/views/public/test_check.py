"""`/v/<code>/` and the papers themselves: what anyone may see, and what only some may."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from tests.views.public.addresses import at, browser, text
from workflows import demo, store
from workflows.models import Case, Certificate, Document, Organisation
from workflows.views.public import verdicts

pytestmark = pytest.mark.django_db
HOLDER, CODE = "上海澄曜半导体装备有限公司", "91310115MAYY1A0104"
UNKNOWN = "0000-0000-0000-0000-0000"


def paper(case: Case, kind: str) -> Document:
    return case.documents.get(kind=kind)


def test_a_certificate_shows_verdict_facts_and_history_to_anyone(
    client: Client, certified: Case
) -> None:
    document = paper(certified, "certificate")

    page = client.get(at("certificate_check", document.code))

    words = text(page)
    assert page.status_code == 200
    assert "Certificate: valid" in words
    assert HOLDER in words
    assert CODE in words
    assert document.number in words
    assert document.sha256 in words
    assert document.record_sha256 in words
    assert "Signature valid" in words
    assert "Resolved by the joint conference" in words
    assert "Public notice opened" in words
    assert at("paper", document.code) in words


def test_a_certificate_page_names_no_person(client: Client, certified: Case) -> None:
    document = paper(certified, "certificate")
    people = set(certified.events.exclude(actor=None).values_list("actor__name", flat=True))

    words = text(client.get(at("certificate_check", document.code)))

    assert len(people) > 5
    assert [name for name in people if name in words] == []


def test_a_code_is_found_however_it_is_typed(client: Client, certified: Case) -> None:
    code = paper(certified, "certificate").code

    page = client.get(at("certificate_check", code.replace("-", "").lower()))

    assert "Certificate: valid" in text(page)


@pytest.mark.parametrize(
    ("state", "tone", "words"),
    [
        ("active", "ok", "Certificate: valid"),
        ("warning", "ok", "Certificate: valid, rectification ordered"),
        ("paused", "hold", "Certificate: paused"),
        ("revoked", "bad", "Certificate: revoked"),
        ("expired", "hold", "Certificate: expired"),
        ("cancelled", "bad", "Certificate: cancelled"),
        ("superseded", "hold", "Certificate: replaced"),
    ],
)
def test_every_state_of_a_title_has_its_own_verdict(state: str, tone: str, words: str) -> None:
    title = Certificate(
        kind="certificate",
        state=state,
        holder_name=HOLDER,
        valid_from=date(2026, 1, 1),
        valid_to=date(9999, 12, 31),
    )

    with override("en"):
        verdict = verdicts.of_title(title)

    assert (verdict.tone, verdict.title) == (tone, words)
    assert HOLDER in verdict.text


def test_a_title_past_its_last_day_is_expired_whatever_the_row_says(
    client: Client, certified: Case
) -> None:
    document = paper(certified, "certificate")
    Certificate.objects.filter(document=document).update(valid_to=date(2026, 10, 1))

    page = client.get(at("certificate_check", document.code))

    assert page.status_code == 200
    assert "Certificate: expired" in text(page)


def test_a_revoked_certificate_is_told_so_and_stays_readable(
    client: Client, certified: Case
) -> None:
    document = paper(certified, "certificate")
    Certificate.objects.filter(document=document).update(state=Certificate.State.REVOKED)

    words = text(client.get(at("certificate_check", document.code)))

    assert "Certificate: revoked" in words
    assert "The signature of the PDF stays valid for ever" in words
    assert HOLDER in words


def test_an_unknown_code_has_its_own_verdict(client: Client, db: None) -> None:
    page = client.get(at("certificate_check", UNKNOWN))

    assert page.status_code == 200
    assert "No such paper" in text(page)


def test_a_mistyped_code_is_told_from_an_unknown_one(client: Client, db: None) -> None:
    page = client.get(at("certificate_check", "7KQ4-M2XD"))

    assert page.status_code == 200
    assert "incomplete or mistyped" in text(page)


def test_a_letter_shows_its_status_and_only_the_ends_of_a_name(
    client: Client, certified: Case
) -> None:
    letter = paper(certified, "decision_granted")

    words = text(client.get(at("certificate_check", letter.code)))

    assert "Issued by this office" in words
    assert letter.number in words
    assert HOLDER not in words
    assert CODE not in words
    assert at("paper", letter.code) not in words


def test_a_stored_file_that_was_altered_is_not_called_valid(
    client: Client, certified: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(self: store.FileStore, sha256: str) -> bytes:
        raise store.StoreDamaged(sha256)

    monkeypatch.setattr(store.FileStore, "get", damaged)

    words = text(client.get(at("certificate_check", paper(certified, "certificate").code)))

    assert "File damaged" in words
    assert "Signature valid" not in words


def test_anyone_may_download_a_certificate_under_a_name_that_says_what_it_is(
    client: Client, certified: Case
) -> None:
    document = paper(certified, "certificate")

    page = client.get(at("paper", document.code))

    assert page.status_code == 200
    assert page["Content-Type"] == "application/pdf"
    assert page["Content-Disposition"].startswith("attachment")
    assert page.content == store.store().get(document.sha256)


def test_a_letter_goes_to_the_applicant_and_the_office_and_to_nobody_else(
    client: Client, certified: Case, cast: demo.Cast
) -> None:
    address = at("paper", paper(certified, "decision_granted").code)
    own = demo.signer(certified.applicant)
    others = Organisation.objects.exclude(pk=certified.applicant_id)
    stranger = demo.signer(others.filter(memberships__role="signer").first())

    answers = {
        "visitor": client.get(address).status_code,
        "own": browser(own).get(address).status_code,
        "stranger": browser(stranger).get(address).status_code,
        "auditor": browser(cast.auditor).get(address).status_code,
        "expert on its panel": browser(cast.experts[0]).get(address).status_code,
    }

    assert answers == {
        "visitor": 404,
        "own": 200,
        "stranger": 404,
        "auditor": 200,
        "expert on its panel": 404,
    }


def test_a_paper_that_is_not_made_yet_says_so(certified: Case, cast: demo.Cast) -> None:
    receipt = paper(certified, "receipt")
    Document.objects.filter(pk=receipt.pk).update(state=Document.State.REQUESTED)

    page = browser(cast.window).get(at("paper", receipt.code))

    assert page.status_code == 409
    assert "is being prepared" in text(page)


def test_the_code_in_the_papers_leads_to_this_page(certified: Case) -> None:
    document = paper(certified, "certificate")

    said = verdicts.record(document)

    assert said["verify_url"] == f"{settings.HENG_SITE}/v/{document.code}/"
