"""Supplementary material on the applicant's pages: read, kept, sent once by the signer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.views.applicant.drafts import PDF
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, File, Supplement

pytestmark = pytest.mark.django_db
SIGNED = {"factor": demo.PASSWORD}


def page_of(case: Case) -> str:
    return at("case_supplement", case.reference)


def test_the_request_is_the_next_thing_to_do_everywhere(asked: Case) -> None:
    clerk = browser(demo.clerk(asked.applicant))

    pages = [
        text(clerk.get(at("workspace"))),
        text(clerk.get(at("case_progress", asked.reference))),
    ]
    words = text(clerk.get(page_of(asked)))

    assert all("Send supplementary material by" in page for page in pages)
    assert all(page_of(asked) in page for page in pages)
    assert "1. 资金来源？" in words
    assert "10 working days left" in words
    assert "Sign and send" not in words  # a clerk prepares


def test_a_clerk_keeps_words_and_files_and_the_signer_sends_them(asked: Case) -> None:
    clerk, signer = (browser(act(asked.applicant)) for act in (demo.clerk, demo.signer))
    file = SimpleUploadedFile("协议.pdf", PDF, "application/pdf")

    kept = clerk.post(page_of(asked), {"answer-1": "自有", "note": "", "files": file})
    forced = clerk.post(page_of(asked), {"answer-1": "自有", "note": "", "do": "send", **SIGNED})
    words = text(signer.get(page_of(asked)))
    sent = signer.post(page_of(asked), {"answer-1": "自有资金", "note": "", "do": "send", **SIGNED})
    twice = signer.post(
        page_of(asked), {"answer-1": "另有资金", "note": "", "do": "send", **SIGNED}
    )

    answered = Supplement.objects.get(case=asked)
    read = text(clerk.get(page_of(asked)))
    assert [kept.status_code, forced.status_code, sent.status_code] == [303, 403, 303]
    assert "自有</textarea>" in words
    assert "协议.pdf" in words
    assert (twice.status_code, answered.closed_as) == (303, "answered")
    assert [each["name"] for each in answered.files] == ["协议.pdf"]
    assert "自有资金" in read
    assert "协议.pdf" in read


def test_a_file_is_taken_out_again_and_a_bad_one_refused_with_the_words_kept(asked: Case) -> None:
    clerk = browser(demo.clerk(asked.applicant))
    good = SimpleUploadedFile("协议.pdf", PDF, "application/pdf")
    clerk.post(page_of(asked), {"files": good})
    held = File.objects.get(case=asked, code="supplement-1", removed=None)

    gone = clerk.post(page_of(asked), {"remove": held.sha256, "answer-1": "自有"})
    kept = text(clerk.get(page_of(asked)))
    bad = SimpleUploadedFile("协议.pdf", b"MZ a program", "application/pdf")
    answer = clerk.post(page_of(asked), {"answer-2": "见附件", "files": bad})

    assert gone.status_code == 303
    assert "自有</textarea>" in kept
    assert not File.objects.filter(case=asked, code="supplement-1", removed=None).exists()
    assert answer.status_code == 422
    assert 'href="#id_files"' in text(answer)
    assert "见附件</textarea>" in text(answer)


def test_the_files_that_are_too_many_for_one_request_are_named(asked: Case) -> None:
    clerk = browser(demo.clerk(asked.applicant))
    files = [SimpleUploadedFile(f"报价{number}.pdf", b"%PDF-") for number in range(1, 22)]

    answer = clerk.post(page_of(asked), {"answer-1": "见附件", "files": files})

    assert answer.status_code == 422
    assert "报价21.pdf” was not taken: send at most 20 files at once" in text(answer)
    assert "报价20.pdf” was not taken" not in text(answer)


def test_a_signer_whose_words_cannot_be_kept_may_still_sign(asked: Case) -> None:
    signer = browser(demo.signer(asked.applicant))

    answer = signer.post(page_of(asked), {"answer-1": "长" * 4001, "note": ""})

    assert answer.status_code == 422
    assert "Sign and send" in text(answer)


def test_a_question_that_files_may_answer_is_not_called_optional(asked: Case) -> None:
    words = text(browser(demo.clerk(asked.applicant)).get(page_of(asked)))
    questions = words[words.index('id="asked-h"') : words.index('id="files-h"')]

    assert "1. 资金来源？" in questions
    assert "optional" not in questions


def test_nothing_to_say_is_refused_and_a_case_never_asked_has_no_such_page(
    asked: Case, complete: Case
) -> None:
    signer = browser(demo.signer(asked.applicant))

    unsigned = signer.post(page_of(asked), {"do": "send", "answer-1": "自有资金"})
    empty = signer.post(page_of(asked), {"do": "send", **SIGNED})
    none = browser(demo.clerk(complete.applicant)).get(page_of(complete))

    assert "Enter your password to sign" in text(unsigned)
    assert "自有资金</textarea>" in text(unsigned)
    assert (unsigned.status_code, empty.status_code) == (422, 422)
    assert "Answer at least one question, or attach a file." in text(empty)
    assert none["Location"] == at("case_progress", complete.reference)


def test_the_office_reads_the_answer_with_its_files_and_nothing_before(asked: Case) -> None:
    clerk, signer = (browser(act(asked.applicant)) for act in (demo.clerk, demo.signer))
    desk = browser(demo.cast(asked.district).officer)
    file = SimpleUploadedFile("协议.pdf", PDF, "application/pdf")
    clerk.post(page_of(asked), {"answer-1": "自有资金", "files": file})
    paper = at("file", File.objects.get(case=asked, code="supplement-1").pk)
    tab = f"{at('case_file', asked.reference)}?tab=supplements"

    before = (desk.get(paper).status_code, "自有资金" in text(desk.get(tab)))
    signer.post(page_of(asked), {"answer-1": "自有资金", "do": "send", **SIGNED})

    words = text(desk.get(tab))
    assert before == (404, False)
    assert desk.get(paper).status_code == 200
    assert "自有资金" in words
    assert paper in words
