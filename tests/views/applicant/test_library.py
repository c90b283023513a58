"""The company library: kept and used on the applicant's pages, and seen by nobody else."""

import hashlib
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.conftest import StandingClock
from tests.views.applicant.drafts import PDF, attach_all, section
from tests.views.applicant.test_papers import held, pdf, row, upload
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case, Evidence, File, User
from workflows.stages import library
from workflows.stages.library import Label

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256(PDF).hexdigest()


def whole(response: HttpResponse, code: str) -> str:
    """What stands in the row of one paper, the library included."""
    return text(response).split(f'<li id="paper-{code}"')[1].split('<li id="paper-')[0]


@pytest.fixture
def clerk(draft: Case) -> Client:
    return browser(demo.clerk(draft.applicant))


def kept(case: Case, title: str = "Audit report 2025", **days: date) -> Evidence:
    return library.keep(
        case.applicant,
        label=Label(title, **days),
        name="审计报告.pdf",
        data=PDF,
        by=demo.clerk(case.applicant),
    )


def soon() -> date:
    return clock.today() + timedelta(days=20)


# --- keeping ------------------------------------------------------------------------------------
def test_a_paper_is_uploaded_with_its_dates(draft: Case, clerk: Client) -> None:
    told = {"title": "Audit report 2025", "dated": "2026-03-01", "valid_to": soon().isoformat()}

    answer = clerk.post(at("library_new", draft.applicant.uscc), {**told, "file": pdf()})

    page = text(clerk.get(answer["Location"]))
    assert answer.status_code == 303
    assert "Audit report 2025" in page
    assert "2026-03-01" in page
    assert f"valid until {soon()}" in page
    assert "Not scanned for viruses" in page


@pytest.mark.parametrize(
    ("told", "file", "sentence"),
    [
        ({}, True, "Say what paper it is."),
        ({"title": "a"}, False, "Choose a file first."),
        ({"title": "a", "dated": "2099-01-01"}, True, "This day has not come yet."),
        ({"title": "a", "dated": "yesterday"}, True, "Give the day, e.g. 2027-06-30."),
        (
            {"title": "a", "dated": "2026-01-02", "valid_to": "2026-01-01"},
            True,
            "It cannot expire before it was issued.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_stays(
    draft: Case, clerk: Client, told: dict[str, str], file: bool, sentence: str
) -> None:
    sent = {**told, "file": pdf()} if file else told

    page = clerk.post(at("library_new", draft.applicant.uscc), sent)

    assert page.status_code == 422
    assert sentence in text(page)
    assert not Evidence.objects.exists()


def test_what_the_gate_refuses_is_said_in_its_words(draft: Case, clerk: Client) -> None:
    program = SimpleUploadedFile("a.pdf", b"MZ\x90\x00 no pdf", "application/pdf")

    page = clerk.post(at("library_new", draft.applicant.uscc), {"title": "a", "file": program})

    assert page.status_code == 422
    assert "Nothing was changed" in text(page)
    assert not Evidence.objects.exists()


def test_a_file_of_an_application_is_kept_in_two_steps(draft: Case, clerk: Client) -> None:
    upload(clerk, draft, audit_or_tax=pdf())
    address = at("case_file_keep", draft.reference, "audit_or_tax", DIGEST)
    offered = row(clerk.get(at("case_files", draft.reference)), "audit_or_tax")

    answer = clerk.post(address, {"title": "Audit", "valid_to": soon().isoformat()})

    after = row(clerk.get(answer["Location"]), "audit_or_tax")
    assert address in offered
    assert address not in after
    assert f"valid until {soon()}" in after
    assert Evidence.objects.get().code == "audit_or_tax"


def test_title_and_days_are_changed_and_a_paper_is_removed(draft: Case, clerk: Client) -> None:
    paper = kept(draft, valid_to=soon())

    clerk.post(at("library_paper", paper.pk), {"title": "Annual audit"})
    changed = text(clerk.get(at("library")))
    clerk.post(at("library_remove", paper.pk))

    assert "Annual audit" in changed
    assert "does not expire" in changed
    assert "Nothing lies here yet." in text(clerk.get(at("library")))
    assert clerk.get(at("library_paper", paper.pk)).status_code == 404


# --- using --------------------------------------------------------------------------------------
def test_one_click_attaches_a_paper_with_its_dates_in_sight(draft: Case, clerk: Client) -> None:
    paper = kept(draft, dated=date(2026, 3, 1), valid_to=soon())
    offered = row(clerk.get(at("case_files", draft.reference)), "audit_or_tax")
    address = at("case_library", draft.reference, "audit_or_tax", paper.pk)

    answer = clerk.post(address)

    after = whole(clerk.get(answer["Location"]), "audit_or_tax")
    assert f'formaction="{address}"' in offered
    assert "2026-03-01" in offered
    assert f"valid until {soon()}" in offered
    assert held(draft) == [("audit_or_tax", "审计报告.pdf")]
    assert address not in after  # it lies there already


def test_what_was_kept_from_this_paper_is_offered_open_and_first(
    draft: Case, clerk: Client
) -> None:
    other = kept(draft, "A first by title")
    Evidence.objects.create(
        organisation=draft.applicant,
        title="Z last by title",
        code="audit_or_tax",
        name="z.pdf",
        kind="pdf",
        sha256="0" * 64,
        size=1,
        uploaded=clock.now(),
        by=other.by,
    )

    page = clerk.get(at("case_files", draft.reference))

    here, elsewhere = whole(page, "audit_or_tax"), whole(page, "authorisation")
    assert here.index("Z last") < here.index("A first")
    assert "<details" in here
    assert re.search(r"<details[^>]* open>", here)
    assert not re.search(r"<details[^>]* open>", elsewhere)


def test_a_paper_nobody_asks_for_takes_nothing(draft: Case, clerk: Client) -> None:
    paper = kept(draft)

    answer = clerk.post(at("case_library", draft.reference, "no_such_paper", paper.pk))

    assert answer.status_code == 404
    assert not File.objects.filter(case=draft).exists()


def test_expired_papers_are_flagged_wherever_the_application_is_looked_through(
    complete: Case, standing: StandingClock
) -> None:
    paper = kept(complete, valid_to=clock.today())
    attach_all(complete)
    clerk, signer = (browser(get(complete.applicant)) for get in (demo.clerk, demo.signer))
    places = [at("case_files", complete.reference), at("case_check", complete.reference)]
    places.append(at("case_submit", complete.reference))
    attached = clerk.post(at("case_library", complete.reference, "authorisation", paper.pk))
    before = ["Papers that have expired" in text(signer.get(place)) for place in places]

    standing.pass_(days=1)
    pages = [text(signer.get(place)) for place in places]

    assert attached.status_code == 303
    assert before == [False, False, False]
    assert all("Papers that have expired" in page for page in pages)
    assert all(f"was good until {paper.valid_to}" in page for page in pages)
    assert f"expired on {paper.valid_to}" in pages[0]
    assert "Sign and submit" in pages[2]  # it stops nobody: the office decides what counts


# --- strangers ----------------------------------------------------------------------------------
def test_nobody_else_sees_a_paper_or_learns_that_it_is_there(
    draft: Case, clerk: Client, stranger: User
) -> None:
    paper = kept(draft, "SECRET PAPER")
    theirs = browser(stranger)
    office = browser(demo.cast(draft.district).officer)

    listed = text(theirs.get(at("library")))
    uploaded = library.keep(
        stranger.mandates[0].organisation,
        label=Label("Same bytes"),
        name="b.pdf",
        data=PDF,
        by=stranger,
    )
    answers = [
        browser_.get(at(name, paper.pk)).status_code
        for browser_ in (theirs, office)
        for name in ("library_paper", "library_file")
    ]
    answers.append(theirs.post(at("library_remove", paper.pk)).status_code)
    answers.append(
        clerk.post(at("case_library", draft.reference, "authorisation", uploaded.pk)).status_code
    )

    assert "SECRET PAPER" not in listed
    assert answers == [404] * 6
    assert office.get(at("library")).status_code == 403
    assert Evidence.objects.get(pk=paper.pk).removed is None


def test_a_paper_comes_back_as_a_download_only(draft: Case, clerk: Client) -> None:
    answer = clerk.get(at("library_file", kept(draft).pk))

    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_returned_application_offers_the_library_for_flagged_papers_only(
    returned: Case,
) -> None:
    paper = kept(returned)
    clerk = browser(demo.clerk(returned.applicant))
    page = clerk.get(at("case_files", returned.reference))
    flagged = set(returned.correction.items.values_list("target", flat=True))
    codes = [each.code for each in returned.rules.form.attachments]
    listed = [code for code in codes if f'id="paper-{code}"' in text(page)]
    addresses = {code: at("case_library", returned.reference, code, paper.pk) for code in listed}

    offered = {code for code in listed if addresses[code] in text(page)}
    refused = [clerk.post(addresses[code]).status_code for code in listed if code not in offered]

    assert offered <= flagged
    assert refused == [409] * len(refused)
    assert refused


def test_the_pages_of_the_library_cost_the_same_for_one_paper_and_for_many(
    draft: Case, clerk: Client, django_assert_max_num_queries
) -> None:
    by = kept(draft).by
    for number in range(12):
        Evidence.objects.create(
            organisation=draft.applicant,
            title=f"Paper {number}",
            name="a.pdf",
            kind="pdf",
            sha256=f"{number:064d}",
            size=1,
            uploaded=clock.now(),
            by=by,
        )
    clerk.get(section(draft, "plan"))

    with django_assert_max_num_queries(14):
        clerk.get(at("library"))
