"""The applicant's pages when something is wrong and when there is nothing yet, without a mouse.

Each is met in both languages, at a desk and on a phone, with scripts and without.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from playwright.sync_api import FilePayload

from tests import conftest
from tests.conftest import Carry
from tests.journeys import deeds, people
from tests.journeys.hands import FAR_APART, Hands
from tests.journeys.people import Town, elsewhere
from tests.views.applicant import drafts
from workflows import demo
from workflows.models import Case, User
from workflows.models.case import State
from workflows.stages import corrections

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

WRONG_CODE = "91310112MAYY1A045C"  # its last character should be another one
PROGRAM: FilePayload = {
    "name": "setup.exe",
    "mimeType": "application/octet-stream",
    "buffer": b"MZ\x90\x00",
}
FLAGS = [
    {"target": "credit_report", "reason": "missing_paper", "text": "缺少：公共信用信息报告"},
    {"target": "plan_investment", "reason": "missing_paper", "text": "与规划内容不一致"},
]
FOCUSED = "document.activeElement.id"


@pytest.fixture
def signer(town: Town) -> User:
    """Who fills in and signs for an enterprise that has applied for nothing yet."""
    records = conftest.recording().applications
    return demo.signer(deeds.organisation_of(next(each for each in records if each.id == "P1-002")))


def visits(town: Town, user: User) -> Iterator[Hands]:
    """``user`` comes both ways."""
    for way in FAR_APART:
        yield Hands(way.person(town, user))


@contextmanager
def looked_at_anew() -> Iterator[None]:
    """An axe looks at what comes inside the block, though it has met its shape before."""
    met = set(people.SEEN)
    people.SEEN.clear()
    yield
    people.SEEN.update(met)


def is_refused(hands: Hands, words: str, *, within: str = "main") -> None:
    """Pressing ``words`` brings a page that says what is wrong before anything else.

    It says so in its title, at its head where the focus is, and at the field that it leads to.
    """
    person = hands.person
    with looked_at_anew():
        hands.presses(words, within=within, refused=422)
    assert person.page.title().startswith(person.says("Error:"))
    assert person.page.evaluate(FOCUSED) == "errors"
    first = person.page.locator("#errors a").first
    target = str(first.get_attribute("href"))[1:]
    hands.goes_to(first)
    assert person.page.evaluate(FOCUSED) == target
    assert person.page.locator(f"#{target}").get_attribute("aria-invalid") == "true"


def test_a_draft_says_what_is_wrong_with_it(town: Town, signer: User) -> None:
    beginner = town.person(signer)
    beginner.opens("workspace")
    deeds.begins_draft(beginner, "pool_entry")
    case = Case.objects.get()

    for hands in visits(town, signer):
        types_a_word_for_a_number(hands, case)
        leaves_a_section_empty(hands, case)
        registers_with_a_wrong_code(hands)
        hands_over_a_program(hands, case)


def types_a_word_for_a_number(hands: Hands, case: Case) -> None:
    """What cannot be a number comes back as it was typed."""
    person = hands.person
    person.opens("case_section", case.reference, "basics")
    hands.fills(person.page.locator("main [name=employees_total]"), "三百二十")
    is_refused(hands, "Save and continue")
    assert person.page.locator("main [name=employees_total]").input_value() == "三百二十"


def leaves_a_section_empty(hands: Hands, case: Case) -> None:
    """An empty section may be left; checking the answers names it, and offers no signature."""
    person = hands.person
    person.opens("case_section", case.reference, "integrity")
    hands.presses("Save and continue")
    person.opens("case_check", case.reference)
    question = person.page.locator("main a[href*='/s/integrity/'][href*='#q-']").first
    hands.follows(question)
    assert person.page.evaluate(FOCUSED) == person.page.url.rsplit("#", 1)[1]
    person.opens("case_submit", case.reference)
    assert not person.page.locator("main [name=factor]").count()


def registers_with_a_wrong_code(hands: Hands) -> None:
    """A credit code whose check character is wrong comes back as it was typed."""
    person = hands.person
    person.opens("org_new")
    hands.fills(person.page.locator("main [name=uscc]"), WRONG_CODE)
    is_refused(hands, "Send to the window")
    assert person.page.locator("main [name=uscc]").input_value() == WRONG_CODE


def hands_over_a_program(hands: Hands, case: Case) -> None:
    """A file of a kind nobody asked for is refused at its own row."""
    person = hands.person
    person.opens("case_files", case.reference)
    person.expected = 422
    hands.hands_over(person.page.locator("#id_file-credit_report"), PROGRAM)
    if person.scripts:
        said = person.page.locator("#paper-credit_report [data-error]:not([hidden])")
        said.wait_for()
        person.expected = 200
        person.looks()
    else:
        is_refused(hands, "Upload", within="#paper-credit_report")
    assert not case.files.exists()


def test_a_wrong_password_signs_nothing(town: Town, signer: User) -> None:
    beginner = town.person(signer)
    beginner.opens("workspace")
    deeds.begins_draft(beginner, "pool_entry")
    case: Case = elsewhere(lambda: drafts.filled(Case.objects.get()))

    for hands in visits(town, signer):
        hands.person.opens("case_submit", case.reference)
        is_refused(hands, "Sign and submit")
        hands.fills(hands.person.page.locator("main [name=promise]"), True)
        hands.fills(hands.person.page.locator("main [name=factor]"), "not this one")
        is_refused(hands, "Sign and submit")

    assert Case.objects.get().state == State.DRAFT


def test_a_correction_without_an_answer_is_not_handed_in(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="acceptance", timeline=[]))
    town.wait_until(case.submitted + timedelta(days=1))
    window = demo.cast(case.district).window
    elsewhere(partial(corrections.return_once, case, items=FLAGS, by=window))
    town.work()

    for hands in visits(town, demo.signer(case.applicant)):
        person = hands.person
        person.opens("case_correction", case.reference)
        hands.fills(person.page.locator("main [name=factor]"), demo.PASSWORD)
        is_refused(hands, "Sign and hand in")
        hands.hands_over(person.page.locator("main [name=file-credit_report]"), PROGRAM)
        is_refused(hands, "Sign and hand in")

    assert Case.objects.get(pk=case.pk).state == State.RETURNED


EMPTY = {
    "workspace": "No application yet",
    "certificates": "Certificates appear here once they are granted",
    "library": "Nothing lies here yet.",
    "messages": "No messages yet",
}


def test_a_newcomer_is_told_what_will_be_here_and_where_to_begin(town: Town, signer: User) -> None:
    for hands in visits(town, signer):
        for page, words in EMPTY.items():
            with looked_at_anew():
                hands.person.opens(page)
            assert hands.person.reads(hands.person.says(words))
        hands.person.opens("workspace")
        hands.presses("Check the conditions")
        assert hands.person.place == "home"
