"""Papers: each refusal at its own row, everything else kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.views.applicant.drafts import PDF, attach_all
from tests.views.public.addresses import at, browser, text
from workflows import demo, store
from workflows.models import Case, File
from workflows.stages import submission

pytestmark = pytest.mark.django_db


def pdf(name: str = "审计报告.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def upload(client: Client, case: Case, **files: object) -> HttpResponse:
    """Post ``files`` under the codes of their papers."""
    return client.post(
        at("case_files", case.reference), {f"file-{code}": file for code, file in files.items()}
    )


def held(case: Case) -> list[tuple[str, str]]:
    files = File.objects.filter(case=case, removed=None)
    return sorted(files.values_list("code", "name"))


def row(response: HttpResponse, code: str) -> str:
    """What stands in the row of one paper."""
    return text(response).split(f'<li id="paper-{code}"')[1].split("</li>")[0]


def test_the_list_says_what_is_required_and_what_is_missing(draft: Case) -> None:
    page = browser(demo.clerk(draft.applicant)).get(at("case_files", draft.reference))

    assert "4 required papers missing" in text(page)
    assert "Required document" in row(page, "audit_or_tax")
    assert "The office fetches it" in row(page, "business_licence")
    assert "optional" in row(page, "authorisation")


def test_a_paper_is_attached(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    answer = upload(clerk, draft, audit_or_tax=pdf())

    page = clerk.get(answer["Location"])
    assert answer.status_code == 303
    assert held(draft) == [("audit_or_tax", "审计报告.pdf")]
    assert "审计报告.pdf" in row(page, "audit_or_tax")
    assert "1 page ·" in row(page, "audit_or_tax")
    assert "1 file attached" in text(page)


def test_several_files_lie_under_one_paper(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    upload(clerk, draft, evidence_c1_c6=[pdf("一.pdf"), pdf("二.pdf", PDF + b"\n")])

    assert held(draft) == [("evidence_c1_c6", "一.pdf"), ("evidence_c1_c6", "二.pdf")]


def test_a_refusal_stands_at_its_row_and_the_others_are_kept(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    answer = upload(clerk, draft, audit_or_tax=pdf("审计.zip"), three_year_plan=pdf("规划.pdf"))

    assert answer.status_code == 422
    assert held(draft) == [("three_year_plan", "规划.pdf")]
    assert "审计.zip" in row(answer, "audit_or_tax")
    assert 'aria-invalid="true"' in row(answer, "audit_or_tax")
    assert 'href="#id_file-audit_or_tax"' in text(answer)
    assert "error" not in row(answer, "three_year_plan")
    assert "规划.pdf" in row(answer, "three_year_plan")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("空.pdf", b""),
        ("程序.pdf", b"MZ\x90\x00"),
        ("坏.pdf", b"%PDF-1.7 broken"),
        ("大.pdf", b"%PDF-" + b"0" * (20 * 1024**2)),
    ],
)
def test_every_bad_file_has_its_sentence(draft: Case, name: str, data: bytes) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    answer = upload(clerk, draft, audit_or_tax=pdf(name, data))

    assert answer.status_code == 422
    assert name in row(answer, "audit_or_tax").split('class="error"')[1]
    assert held(draft) == []


def test_sending_nothing_says_so(draft: Case) -> None:
    answer = upload(browser(demo.clerk(draft.applicant)), draft)

    assert answer.status_code == 422
    assert "Choose a file first." in text(answer)


def test_a_full_disk_has_its_sentence(draft: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: store.FileStore, data: bytes) -> str:
        raise store.StoreFull

    monkeypatch.setattr(store.FileStore, "put", full)

    answer = upload(browser(demo.clerk(draft.applicant)), draft, audit_or_tax=pdf())

    assert answer.status_code == 507
    assert "The file store is full" in row(answer, "audit_or_tax")
    assert held(draft) == []


def test_a_paper_is_taken_out(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    upload(clerk, draft, audit_or_tax=pdf())
    file = File.objects.get(case=draft)

    answer = clerk.post(at("case_file_remove", draft.reference, file.code, file.sha256))
    again = clerk.post(at("case_file_remove", draft.reference, file.code, file.sha256))

    assert answer.status_code == 303
    assert held(draft) == []
    assert again.status_code == 404


def test_a_file_comes_back_as_a_download_only(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    upload(clerk, draft, audit_or_tax=pdf())
    file = File.objects.get(case=draft)

    answer = clerk.get(at("case_file_attached", draft.reference, file.code, file.sha256))

    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_digest_of_another_case_is_not_there(draft: Case, returned: Case) -> None:
    file = returned.files.first()
    assert file is not None
    clerk = browser(demo.clerk(draft.applicant))

    answers = {
        clerk.get(at("case_file_attached", draft.reference, file.code, file.sha256)).status_code,
        clerk.post(at("case_file_remove", draft.reference, file.code, file.sha256)).status_code,
    }

    assert answers == {404}


def test_what_was_filed_can_be_read_and_not_changed(complete: Case) -> None:
    attach_all(complete)
    submission.submit(complete, by=demo.signer(complete.applicant))
    clerk = browser(demo.clerk(complete.applicant))

    page = clerk.get(at("case_files", complete.reference))
    late = upload(clerk, complete, audit_or_tax=pdf("晚.pdf", PDF + b"\n"))

    assert "样张.pdf" in row(page, "audit_or_tax")
    assert 'type="file"' not in text(page)
    assert late.status_code == 409
    assert ("audit_or_tax", "晚.pdf") not in held(complete)


def test_flagged_papers_are_marked_until_something_new_lies_there(returned: Case) -> None:
    clerk = browser(demo.clerk(returned.applicant))
    before = row(clerk.get(at("case_files", returned.reference)), "credit_report")

    upload(clerk, returned, credit_report=pdf("信用报告.pdf"))
    after = row(clerk.get(at("case_files", returned.reference)), "credit_report")

    assert "To correct" in before
    assert "changed" not in before
    assert "changed" in after
    assert "To correct" not in after


def test_a_correction_promises_no_further_correction(returned: Case, draft: Case) -> None:
    clerk = browser(demo.clerk(returned.applicant))

    again = text(clerk.get(at("case_files", returned.reference)))
    first = text(browser(demo.clerk(draft.applicant)).get(at("case_files", draft.reference)))

    assert "Only what the office asked to correct can be changed." in again
    assert "asks for everything missing once" not in again
    assert "asks for everything missing once" in first
