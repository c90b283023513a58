"""The applicant's four journeys without a mouse, their actions counted (interface 5, J1 to J4)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator

from tests import conftest
from tests.conftest import Carry
from tests.journeys import deeds
from tests.journeys.hands import FAR_APART, WAYS, Hands, Way
from tests.journeys.people import Person, Town, elsewhere, signs_in
from workflows import demo
from workflows.models import Case, Organisation, Round, User
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import corrections, drafting

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

ENTERPRISE = "enterprise_certification"
CHECKED = {
    ENTERPRISE: {
        "local": True,
        "training": False,
        "established_on": "2011-03-09",
        "clean": True,
        "interns": True,
        "investment": True,
    },
    "base_designation": {
        "base_kind": "practice",
        "together": True,
        "lasting": True,
        "person_days": "3200",
        "protected": True,
    },
    "benchmark_school": {
        "group": "higher",
        "lawful": True,
        "office": True,
        "reported": True,
        "clean": True,
        "data": True,
    },
    "project_funding": {
        "funding_line": "platform",
        "together": True,
        "months": "24",
        "total_budget": "1000",
        "fiscal_request": "480",
        "once": True,
    },
}
BOTH_WAYS = pytest.mark.parametrize(
    "way", [FAR_APART[0], pytest.param(FAR_APART[1], marks=pytest.mark.faults)], ids=str
)


def control(person: Person, name: str) -> Locator:
    """The control of that name, every option of it."""
    return person.page.locator(f"main [name='{name}']")


def applicant() -> Organisation:
    """The enterprise of the recording, with its people."""
    application = next(each for each in conftest.recording().applications if each.id == "P1-002")
    return deeds.organisation_of(application)


# --- J1: the self-check ---------------------------------------------------------------------------
def checks_conditions(hands: Hands, programme: str) -> None:
    """From the first page to the result."""
    person = hands.person
    person.opens("home")
    hands.follows(person.page.locator(f"main a[href$='/check/{programme}/']"))
    left = dict(CHECKED[programme])
    while left:  # answers may ask for more
        for name in [each for each in left if control(person, each).count()]:
            hands.fills(control(person, name), left.pop(name))
        hands.presses("See the result")
    assert person.reads(person.says("By your answers the conditions are met"))


@BOTH_WAYS
def test_the_self_check_takes_nine_actions_and_becomes_a_draft(town: Town, way: Way) -> None:
    organisation = applicant()
    organisation.profile = {}
    organisation.save()
    clerk = demo.clerk(organisation)
    hands = Hands(way.person(town))

    checks_conditions(hands, ENTERPRISE)
    hands.presses("Begin the application")
    assert hands.actions <= 9
    hands.fills(control(hands.person, "login"), clerk.username)
    hands.fills(control(hands.person, "password"), demo.PASSWORD)
    hands.presses("Sign in")
    hands.presses("Begin the draft")

    case = Case.objects.get()
    assert hands.person.place == "case"
    assert case.draft["established_on"] == "2011-03-09"


@pytest.mark.parametrize("programme", [each for each in CHECKED if each != ENTERPRISE])
def test_every_programme_is_checked_in_nine_actions(town: Town, programme: str) -> None:
    hands = Hands(WAYS[2].person(town))

    checks_conditions(hands, programme)

    assert hands.actions <= 8  # one more begins the application, while a call is open


# --- J2: filling in and submitting ----------------------------------------------------------------
@BOTH_WAYS
def test_a_section_takes_two_actions_besides_its_fields(town: Town, call: Round, way: Way) -> None:
    signer, form = demo.signer(applicant()), dict(told())
    case = begun(call, signer, established_on=form["established_on"])
    hands = Hands(way.person(town, signer))
    known = dict(case.draft)

    hands.person.opens("case", case.reference)
    hands.presses("Go on filling in")
    sections = [each for each in case.rules.form.sections if each.show is None]
    for section in sections:
        asked = [each.code for each in section.fields if not each.derived and each.code in form]
        fills_section(hands, asked, form, known)
    assert hands.presses_done <= 2 * len(sections)
    assert hands.person.place == "case_files"

    before = hands.presses_done
    deeds.uploads(hands.person, case)
    hands.presses("Check the answers")
    hands.presses("Go on to signing")
    hands.fills(control(hands.person, "promise"), True)
    hands.fills(control(hands.person, "factor"), demo.PASSWORD)
    hands.presses("Sign and submit")
    assert hands.presses_done - before <= 3
    assert hands.person.place == "case_receipt"
    assert Case.objects.get().state == State.SUBMITTED


def told() -> dict[str, Any]:
    """What the recorded applicant answers."""
    return next(each for each in conftest.recording().applications if each.id == "P1-002").form


def begun(call: Round, by: User, **answers: Any) -> Case:
    """A draft that knows what the profile and the self-check told."""
    organisation = by.mandates[0].organisation
    begin = partial(
        drafting.draft,
        call,
        procedure="pool_entry",
        organisation=organisation,
        by=by,
        answers=answers,
    )
    case: Case = elsewhere(begin)
    return Case.objects.select_related("edition", "applicant").get(pk=case.pk)


def fills_section(
    hands: Hands, codes: list[str], form: dict[str, Any], known: dict[str, Any]
) -> None:
    """Answer what a section asks and nobody told before; go on to the next one."""
    person = hands.person
    for code in codes:
        if not appears(person, code):
            saves_in_place(hands)
        if code in known:
            assert filled(person, code), f"{code} is known and asked again"
        else:
            answers(hands, code, form[code])
    hands.presses("Save and continue")


def appears(person: Person, code: str) -> bool:
    """Whether the question is there; with scripts it comes as soon as an answer asks for it."""
    if person.scripts:
        person.page.locator(
            f"main [data-question='{code}'] :is(input, select, textarea, button)"
        ).first.wait_for(state="attached")
    return deeds.is_asked(person, code)


def filled(person: Person, code: str) -> bool:
    """Whether the question came with its answer."""
    return bool(
        person.page.evaluate(
            "code => [...document.getElementsByName(code)]"
            ".some(each => each.type === 'radio' ? each.checked : each.value)",
            code,
        )
    )


def saves_in_place(hands: Hands) -> None:
    """Press Enter in a field: the section is kept and comes back with what it now asks."""
    deeds.saves_in_place(hands.person)
    hands.presses_done += 1


def answers(hands: Hands, code: str, value: Any) -> None:
    """Answer one question, row by row if it is a table; a row is part of filling it in."""
    person = hands.person
    if not isinstance(value, list):
        hands.fills(control(person, code), value)
        return
    for number, row in enumerate(value):
        if not person.page.locator(f"main [name^='{code}-{number}-']").count():
            deeds.adds_row(person, code)
        for column, cell in row.items():
            hands.fills(control(person, f"{code}-{number}-{column}"), cell)


# --- J3: the one correction -----------------------------------------------------------------------
FLAGS = [
    {"target": "credit_report", "reason": "missing_paper", "text": "缺少：公共信用信息报告"},
    {"target": "plan_investment", "reason": "missing_paper", "text": "与规划内容不一致"},
]


def returned(town: Town, carry: Carry) -> Case:
    """A case the window returned with a paper and an answer to correct, the day after."""
    waiting: Case = elsewhere(partial(carry, "P1-002", until="acceptance", timeline=[]))
    town.wait_until(waiting.submitted + timedelta(days=1))
    window = demo.cast(waiting.district).window
    elsewhere(partial(corrections.return_once, waiting, items=FLAGS, by=window))
    town.work()
    return waiting


@BOTH_WAYS
def test_a_correction_takes_two_actions_an_item_and_two(town: Town, carry: Carry, way: Way) -> None:
    case = returned(town, carry)
    signer = demo.signer(case.applicant)
    hands = Hands(way.person(town, signer))

    hands.person.opens("case_correction", case.reference)  # the message leads here
    hands.hands_over(control(hands.person, "file-credit_report"), paper("credit_report"))
    hands.fills(control(hands.person, "plan_investment"), "400")
    hands.fills(control(hands.person, "factor"), demo.PASSWORD)
    hands.presses("Sign and hand in")

    assert hands.actions <= 2 * len(FLAGS) + 2
    again = Case.objects.get(pk=case.pk)
    assert (again.state, again.draft["plan_investment"]) == (State.SUBMITTED, "400.00")
    answered = case.correction.items.values_list("answered_as", flat=True)
    assert list(answered) == ["changed", "changed"]


def paper(code: str) -> FilePayload:
    """A page to hand in."""
    return {"name": f"{code}.pdf", "mimeType": deeds.PDF, "buffer": acts.sample(code)}


# --- J4: where it stands, and the certificate -----------------------------------------------------
def test_progress_is_there_after_signing_in_and_a_certificate_two_actions_on(
    town: Town, carry: Carry
) -> None:
    case = elsewhere(partial(carry, "P1-002"))
    for way in FAR_APART:
        hands = Hands(way.person(town, demo.clerk(case.applicant)))

        hands.person.opens("workspace")
        assert hands.person.reads(case.reference)
        hands.follows(hands.person.page.locator("nav a[href$='/certificates/']").first)
        pdf = hands.downloads(hands.person.page.locator("main a[href$='.pdf']").first)

        assert hands.actions == 2
        assert pdf.startswith(b"%PDF")


def test_the_step_the_office_and_the_days_are_read_without_an_action(
    town: Town, carry: Carry
) -> None:
    case = elsewhere(partial(carry, "P1-002", until="acceptance", timeline=[]))
    town.wait_until(case.submitted + timedelta(days=1))
    for way in FAR_APART:
        person = way.person(town)

        signs_in(person, demo.clerk(case.applicant))

        assert person.place == "workspace"
        assert person.reads(person.says("In hand now:"))
        assert person.page.locator("main .light").first.inner_text()
