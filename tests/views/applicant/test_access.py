"""An applicant's pages exist for the applicant's people only; reading them changes nothing."""

import re

import pytest
from django.test import Client

from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, Event, Job, Task, User

pytestmark = pytest.mark.django_db
PAGES = {
    "case": (),
    "case_section": ("plan",),
    "case_files": (),
    "case_check": (),
    "case_submit": (),
    "case_receipt": (),
    "case_progress": (),
    "case_record": (),
    "case_correction": (),
    "case_withdraw": (),
    "case_discard": (),
}
LISTS = ["workspace", "apply", "certificates", "org_members"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def page_of(name: str, reference: str) -> str:
    return at(name, reference, *PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_another_organisation_s_case_is_a_missing_one(
    draft: Case, stranger: User, name: str
) -> None:
    client = browser(stranger)
    foreign, missing = page_of(name, draft.reference), page_of(name, "CJRH-2019-9999")

    answers = [
        (method(address).status_code, TOKEN.sub("", text(method(address))).replace(address, ""))
        for address in (foreign, missing)
        for method in (client.get, client.post)
    ]

    assert {status for status, _ in answers} in ({404}, {404, 405})
    assert answers[0] == answers[2]
    assert answers[1] == answers[3]


@pytest.mark.parametrize("name", PAGES)
def test_the_office_and_its_experts_find_nothing_here(evaluated: Case, name: str) -> None:
    cast = demo.cast(evaluated.district)
    address = page_of(name, evaluated.reference)

    statuses = {
        browser(person).get(address).status_code
        for person in (cast.window, cast.officer, cast.leader, cast.experts[0], cast.auditor)
    }

    assert statuses == {404}


@pytest.mark.parametrize("name", [*LISTS, "messages"])
def test_a_visitor_signs_in_first(db: None, client: Client, name: str) -> None:
    answer = client.get(at(name))

    assert answer.status_code == 302
    assert answer["Location"] == f"{at('account_login')}?next={at(name)}"


@pytest.mark.parametrize("name", LISTS)
def test_whoever_acts_for_nobody_is_told_so(draft: Case, name: str) -> None:
    officer = demo.cast(draft.district).officer

    assert browser(officer).get(at(name)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_reading_changes_nothing(returned: Case, name: str) -> None:
    def counts() -> tuple[int, int, int, int]:
        rows = (Event, Task, Job)
        version = Case.objects.values_list("version", flat=True).get(pk=returned.pk)
        return (*(model.objects.count() for model in rows), version)  # type: ignore[return-value]

    before = counts()
    browser(demo.signer(returned.applicant)).get(page_of(name, returned.reference))

    assert counts() == before


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("case", "post"),
        ("case_check", "post"),
        ("case_receipt", "post"),
        ("case_progress", "post"),
        ("case_section", "put"),
        ("case_submit", "delete"),
    ],
)
def test_other_methods_are_refused(draft: Case, name: str, method: str) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    assert getattr(clerk, method)(page_of(name, draft.reference)).status_code == 405


def test_what_only_acts_cannot_be_read(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    acting = [
        at("case_acknowledge", draft.reference),
        at("case_file_remove", draft.reference, "audit_or_tax", "0" * 64),
        at("messages_read"),
    ]

    assert {clerk.get(address).status_code for address in acting} == {405}


def test_a_mandate_that_ended_opens_nothing(draft: Case) -> None:
    clerk = demo.clerk(draft.applicant)
    clerk.memberships.update(valid_to="2026-09-04")

    answers = [browser(clerk).get(page_of(name, draft.reference)).status_code for name in PAGES]

    assert set(answers) == {404}
