"""An intended refusal on the applicant's pages: read, spoken to once by the signer, answered."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.conftest import StandingClock
from tests.views.applicant.conftest import KNOWN
from tests.views.applicant.drafts import PDF, PUBLISHED, filed_by
from tests.views.desk.people import desk
from tests.views.public.addresses import at, browser, text
from tests.views.public.world import carried
from workflows import demo
from workflows.models import Case, Defence
from workflows.models.case import State
from workflows.stages import defences

pytestmark = pytest.mark.django_db
SAID = {"text": "证据在附件中。", "factor": demo.PASSWORD, "do": "send"}


@pytest.fixture(scope="module")
def _intended(_world: None) -> int:
    against = {"agree": 0, "disagree": 3}
    return carried("P1-002", until="signing", form=filed_by(PUBLISHED), votes=against).pk


@pytest.fixture
def intended(_intended: int, db: None, standing: StandingClock) -> Case:
    """A case whose refusal was told of an hour ago."""
    case = Case.objects.select_related(*KNOWN).get(pk=_intended)
    standing.move_to(case.defences.get().told + timedelta(hours=1))
    return case


@pytest.fixture
def signer(intended: Case) -> Client:
    """The browser of whoever signs for the applicant."""
    return browser(demo.signer(intended.applicant))


def page_of(case: Case) -> str:
    return at("case_defence", case.reference)


def test_it_is_the_next_thing_to_do_everywhere(intended: Case, signer: Client) -> None:
    pages = [
        text(signer.get(at("workspace"))),
        text(signer.get(at("case_progress", intended.reference))),
    ]
    words = text(signer.get(page_of(intended)))

    assert all(page_of(intended) in page for page in pages)
    assert all("tate your defence by" in page for page in pages)
    assert "5 working days left" in words
    assert intended.procedure.reasons["not_carried"].zh in words


def test_the_signer_states_it_once_with_a_factor_and_files(intended: Case, signer: Client) -> None:
    clerk = browser(demo.clerk(intended.applicant))
    file = SimpleUploadedFile("证据.pdf", PDF, "application/pdf")

    prepared = clerk.post(page_of(intended), {"text": "初稿", "files": file})
    kept = text(signer.get(page_of(intended)))
    forced = clerk.post(page_of(intended), SAID)
    unsigned = signer.post(page_of(intended), SAID | {"factor": ""})
    sent = signer.post(page_of(intended), SAID)
    twice = signer.post(page_of(intended), SAID | {"text": "另外"})

    codes = [page.status_code for page in (prepared, forced, unsigned, sent, twice)]
    defence = Defence.objects.get(case=intended)
    assert codes == [303, 403, 422, 303, 303]
    assert "初稿</textarea>" in kept
    assert "Enter your password to sign" in text(unsigned)
    assert (defence.text, [each["name"] for each in defence.files]) == (SAID["text"], ["证据.pdf"])
    assert "The office has not answered yet" in text(signer.get(page_of(intended)))


def test_nothing_at_all_is_no_defence(intended: Case, signer: Client) -> None:
    answer = signer.post(page_of(intended), SAID | {"text": " "})

    assert answer.status_code == 422
    assert "Answer at least one question, or attach a file." in text(answer)


def test_a_file_is_taken_out_again_and_a_bad_one_refused(intended: Case, signer: Client) -> None:
    signer.post(page_of(intended), {"files": SimpleUploadedFile("证据.pdf", PDF)})
    held = intended.files.get(code="defence-1", removed=None)

    typed = {"text": "证据在附件中。"}
    gone = signer.post(page_of(intended), {"remove": held.sha256} | typed)
    kept = text(signer.get(page_of(intended)))
    bad = SimpleUploadedFile("证据.pdf", b"MZ a program")
    answer = signer.post(page_of(intended), SAID | {"files": bad})

    assert gone.status_code == 303
    assert "证据在附件中。</textarea>" in kept
    assert answer.status_code == 422
    assert "证据在附件中。</textarea>" in text(answer)
    assert not intended.files.filter(code="defence-1", removed=None).exists()


def test_the_officer_reads_it_and_answers_it_and_the_applicant_reads_the_answer(
    intended: Case, signer: Client
) -> None:
    officer = demo.cast(intended.district).officer
    evidence = SimpleUploadedFile("证据.pdf", PDF)
    signer.post(page_of(intended), {"text": "草稿中的话", "files": evidence})
    paper, file = intended.files.get(code="defence-1"), at("case_file", intended.reference)
    unsent = text(desk(officer).get(f"{file}?tab=defences"))
    shut = desk(officer).get(at("file", paper.pk))
    signer.post(page_of(intended), SAID)

    read = text(desk(officer).get(f"{file}?tab=defences"))
    asked = text(desk(officer).get(f"{file}?do=answer_defence"))
    answer = desk(officer).post(
        at("case_act", intended.reference),
        {"do": "answer_defence", "decision": "stands", "answer": "附件不能证明。"},
    )

    assert [word for word in ("草稿中的话", "证据.pdf") if word in unsent] == []
    assert SAID["text"] in read
    assert [shut.status_code, desk(officer).get(at("file", paper.pk)).status_code] == [404, 200]
    assert "Answer to the applicant" in asked
    assert answer.status_code == 303
    assert defences.newest(intended).answer == "附件不能证明。"
    assert "附件不能证明。" in text(signer.get(page_of(intended)))


def test_whoever_was_told_of_no_refusal_has_no_such_page(evaluated: Case) -> None:
    signer = browser(demo.signer(evaluated.applicant))

    page = signer.get(page_of(evaluated))
    sent = signer.post(page_of(evaluated), SAID)

    assert page["Location"] == at("case_progress", evaluated.reference)
    assert sent.status_code == 303
    assert Case.objects.get(pk=evaluated.pk).state == State.EVALUATING
