"""What people do in a journey, each deed through the pages of whoever does it."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator

from tests import conftest
from tests.journeys.people import Person, Town
from workflows import demo
from workflows.models import Case, Organisation
from workflows.recording import acts
from workflows.recording.reader import Application

Answers = Mapping[str, Any]
PDF = "application/pdf"
SHOWN = "main :is(input:not([type=hidden]), select, textarea)"


def organisation_of(application: Application) -> Organisation:
    """The applicant as the recording knows it, with its clerk and its signer."""
    records = conftest.recording().organisations
    record = next(each for each in records if each.uscc == application.form["uscc"])
    return demo.organisation(record.profile())


# --- the applicant --------------------------------------------------------------------------------
def begins_draft(clerk: Person, procedure: str) -> None:
    """Choose what is applied for and open a draft."""
    clerk.follows("New application")
    clerk.page.locator(f"main [name=offer][value$=':{procedure}']").check()
    clerk.presses("Begin the draft")


def fills_section(clerk: Person, answers: Answers) -> None:
    """Answer everything the section asks, also what it asks only after an answer; go on."""
    answered: set[str] = set()
    while asked := [code for code in answers if code not in answered and is_asked(clerk, code)]:
        for code in asked:
            answer(clerk, code, answers[code])
        answered.update(asked)
        saves_in_place(clerk)
    clerk.presses("Save and continue")


def is_asked(person: Person, code: str) -> bool:
    """Whether the page has a control or a table for ``code``."""
    names = (f"[name='{code}']", f"[name='{code}-add']", f"[name^='{code}-0-']")
    return person.page.locator(f"main :is({', '.join(names)})").count() > 0


def answer(person: Person, code: str, value: Any) -> None:
    """Answer one question, row by row if it is a table."""
    if not isinstance(value, list):
        enter(person.page.locator(f"main [name='{code}']"), value)
        return
    for number, row in enumerate(value):
        if not person.page.locator(f"main [name^='{code}-{number}-']").count():
            adds_row(person, code)
        for column, cell in row.items():
            enter(person.page.locator(f"main [name='{code}-{number}-{column}']"), cell)


def enter(control: Locator, value: Any) -> None:
    """Choose or type one value."""
    typed = {True: "true", False: "false"}.get(value) or str(acts.as_answer(value))
    kind = control.first.evaluate("control => control.type")
    if kind == "radio":
        control.and_(control.page.locator(f"[value='{typed}']")).check()
    elif kind == "select-one":
        control.select_option(typed)
    else:
        control.fill(typed)


def adds_row(person: Person, code: str) -> None:
    """Press the button under a table; what was typed so far is kept."""
    with person.page.expect_navigation():
        person.page.locator(f"main [name='{code}-add']").click()


def saves_in_place(person: Person) -> None:
    """Press Enter in a field: the section is kept and comes back."""
    with person.page.expect_navigation():
        person.page.locator(f"{SHOWN}:not([type=file])").first.press("Enter")


def uploads(clerk: Person, case: Case) -> None:
    """Attach a page under every paper asked for, in one go."""
    clerk.opens("case_files", case.reference)
    asked = clerk.page.locator("main [type=file]").all()
    attaches(
        clerk, case, *(str(control.get_attribute("name"))[len("file-") :] for control in asked)
    )


def attaches(clerk: Person, case: Case, *codes: str) -> None:
    """Choose a file for each of ``codes``; with scripts each goes at once, else all together."""
    titles = {paper.code: paper.zh for paper in case.rules.form.attachments}
    for code in codes:
        page = {"name": f"{code}.pdf", "mimeType": PDF, "buffer": acts.sample(titles[code])}
        clerk.page.set_input_files(f"#id_file-{code}", page)
        if clerk.scripts:
            clerk.page.locator(f"#paper-{code}").get_by_text(f"{code}.pdf").first.wait_for()
            clerk.page.locator(f"#paper-{code} progress").wait_for(state="detached")
    if not clerk.scripts:
        clerk.presses("Upload")


# --- the desk -------------------------------------------------------------------------------------
def takes(official: Person, applicant: str) -> None:
    """Claim the one task that waits for ``applicant`` in the office's queue."""
    official.opens("tasks_queue", "unclaimed")
    official.follows(applicant)
    official.presses("Claim")


def decides(official: Person, applicant: str, words: str) -> None:
    """Take the task and press the button that says ``words``."""
    takes(official, applicant)
    official.presses(words)


def checks(reviewer: Person, code: str) -> None:
    """Declare to have no interest, then find the material true."""
    reviewer.opens("evaluations")
    reviewer.follows(code)
    reviewer.chooses("none")
    reviewer.presses("Declare and open the file")
    reviewer.chooses("verdict", "pass")
    reviewer.presses("Lock the check")


# --- the conference -------------------------------------------------------------------------------
def meets(town: Town, cast: demo.Cast, applicant: str, *, members: int, language: str) -> None:
    """A meeting of ``members`` is called, the case put on its agenda, voted on and resolved."""
    officer = town.person(cast.officer, language=language)
    convenor = town.person(cast.convenor, language=language)
    number = calls_meeting(officer, members)
    decides(officer, applicant, "Put it on the agenda")
    notes_everyone_present(convenor, number)
    for user, _unit in cast.members[:members]:
        votes(town.person(user, language=language), applicant)
    resolves(convenor, number)


def calls_meeting(officer: Person, members: int) -> str:
    """Call a meeting of the first ``members``; give its number."""
    officer.opens("meetings")
    officer.writes("Name of the meeting", "联席会议第一次会议")
    for box in officer.page.locator("main [name=members]").all()[members:]:
        box.uncheck()
    officer.presses("Call the meeting")
    return officer.page.url.rstrip("/").rsplit("/", 1)[1]


def notes_everyone_present(convenor: Person, number: str) -> None:
    """Note all members as present."""
    convenor.opens("meeting", number)
    for box in convenor.page.locator("main [name=member]").all():
        box.check()
    convenor.presses("Note as present")


def votes(member: Person, applicant: str, choice: str = "agree") -> None:
    """Cast one ballot."""
    member.opens("commission")
    member.follows(applicant)
    member.chooses("choice", choice)
    member.presses("Cast the vote")


def resolves(convenor: Person, number: str) -> None:
    """Count the votes and sign the minutes."""
    convenor.opens("meeting", number)
    convenor.presses("Resolve the item")
    convenor.writes("Minutes", "会议听取汇报，按表决结果形成决议。")
    convenor.presses("Sign the minutes")
