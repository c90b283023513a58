"""Pages of the company library in Chromium: accessible and within the frame of a phone."""

from datetime import timedelta

import pytest
from django.http import HttpResponse

from tests.views.applicant.drafts import PDF, attach_all
from tests.views.applicant.test_accounts_in_browser import opened, wrong
from tests.views.applicant.test_in_browser import Shelf, chromium, faults
from tests.views.public.addresses import at, browser
from workflows import clock, demo
from workflows.models import Case, Evidence, File, Supplement, User
from workflows.stages import library
from workflows.stages.library import Label

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
Pages = dict[str, HttpResponse]


@pytest.fixture
def pages(complete: Case, asked: Case, stranger: User) -> Pages:
    """Every page once: empty, with papers good and expired, with what was typed wrong."""
    applicant, today = complete.applicant, clock.today()
    clerk = demo.clerk(applicant)
    papers = [
        library.keep(
            applicant,
            label=Label(title, today - timedelta(days=days), today + timedelta(days=left)),
            name=f"{title}.pdf",
            data=PDF + b"\n" * days,
            by=clerk,
        )
        for title, days, left in [
            ("信用报告", 40, 400),
            ("授权委托书", 30, 20),
            ("审计报告", 20, -1),
        ]
    ]
    attach_all(complete)
    library.attach_from(complete, code="authorisation", evidence=papers[2], by=clerk)
    Evidence.objects.filter(pk=papers[0].pk).update(code="credit_report")
    File.objects.filter(case=complete, code="credit_report").update(removed=clock.now())
    file = File.objects.get(case=complete, code="audit_or_tax")
    Supplement.objects.filter(case=asked).update(ground="licence")
    keep = at("case_file_keep", complete.reference, file.code, file.sha256)
    return dict(
        [
            *opened(
                browser(clerk),
                at("library"),
                at("library_new", applicant.uscc),
                at("library_paper", papers[1].pk),
                keep,
                at("case_files", complete.reference),
                at("case_check", complete.reference),
            ),
            *opened(browser(demo.clerk(asked.applicant)), at("case_supplement", asked.reference)),
            ("/empty/", browser(stranger).get(at("library"))),
            wrong(browser(clerk), at("library_new", applicant.uscc)),
            wrong(browser(clerk), keep, title=""),
        ]
    )


def test_pages_of_the_library_are_accessible_at_a_desk_and_on_a_phone(pages: Pages) -> None:
    shelf = Shelf(pages)

    with chromium(shelf) as page:
        found = [fault for path in pages for fault in faults(page, path)]

    assert found == []
    assert shelf.complaints == []
