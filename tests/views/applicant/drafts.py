"""Drafts as an applicant's clerk makes them, and what their browser would send."""

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse

from tests import vouchers
from tests.conftest import recording
from tests.views.public.addresses import at
from workflows import demo, programme
from workflows.models import Case, Organisation
from workflows.recording import acts, calls
from workflows.recording.reader import Application
from workflows.stages import attaching, drafting

PDF = acts.sample("样张")
MODEL = "P1-002"  # whose answers the drafts take
DRAFTER = "91310112MAYY1A045B"
STRANGER = "91310104MAYY1A053K"
PUBLISHED = "91310120MAYY1A061K"
DELIVERED = "91310114MAYY1A07XM"


def application(name: str) -> Application:
    """A recorded application."""
    return next(each for each in recording().applications if each.id == name)


def organisation(uscc: str = DRAFTER) -> Organisation:
    """One of the recorded organisations, with its people."""
    profile = next(each for each in recording().organisations if each.uscc == uscc)
    return demo.organisation(profile.profile())


def filed_by(uscc: str) -> dict[str, Any]:
    """The recorded answers, as the organisation with this code would give them."""
    form = application(MODEL).form
    return form | organisation(uscc).profile | vouchers.own(form, uscc[-4:])


def begun(procedure: str = "pool_entry") -> Case:
    """A draft just begun by an organisation that files nothing else in these tests."""
    kind = programme.get("enterprise_certification")
    round_ = next(one for one in recording().rounds if one.programme == kind.code)
    call = calls.open_call(round_, kind)
    applicant = organisation()
    return drafting.draft(
        call, procedure=procedure, organisation=applicant, by=demo.clerk(applicant)
    )


def filled(case: Case, **answers: Any) -> Case:
    """``case`` with the answers of a recorded application, and ``answers`` over them."""
    form = filed_by(case.applicant.uscc) | answers
    known = case.rules.form.names()
    given = {key: acts.as_answer(form[key]) for key in form if key in known}
    revision = Case.objects.values_list("draft_revision", flat=True).get(pk=case.pk)
    return drafting.save(
        case, answers={**case.draft, **given}, revision=revision, by=demo.clerk(case.applicant)
    )


def attach_all(case: Case) -> None:
    """Attach one page under every code."""
    for paper in case.rules.form.attachments:
        attaching.attach(
            case, code=paper.code, name="样张.pdf", data=PDF, by=demo.clerk(case.applicant)
        )


def again(case: Case) -> Case:
    """The case as it stands now."""
    return Case.objects.select_related("edition", "applicant", "round").get(pk=case.pk)


def section(case: Case, code: str) -> str:
    """The address of one section."""
    return at("case_section", case.reference, code)


TEMPLATE = re.compile(r"<template\b.*?</template>", re.DOTALL)  # no part of the page to a browser


class Controls(HTMLParser):
    """What a browser without JavaScript would send if its reader pressed a button at once."""

    def __init__(self, page: HttpResponse) -> None:
        """Read the controls of ``page``."""
        super().__init__()
        self.values: dict[str, str] = {}
        self._open = ""  # name of the <select> or <textarea> being read
        self.feed(TEMPLATE.sub("", page.content.decode()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the value of a control."""
        given = {name: value or "" for name, value in attrs}
        kind, name = given.get("type", "text"), given.get("name", "")
        if tag == "input" and name and kind not in ("file", "submit", "search"):
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.values[name] = given.get("value", "on")
        elif tag in ("select", "textarea") and name:
            self._open = name
            self.values[name] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._open] = given["value"]

    def handle_data(self, data: str) -> None:
        """Keep the text of a <textarea>."""
        if self._open and self.lasttag == "textarea":
            self.values[self._open] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a control."""
        if tag in ("select", "textarea"):
            self._open = ""


def sent(page: HttpResponse, **typed: str) -> dict[str, str]:
    """What the form of ``page`` sends after ``typed`` was typed into it."""
    assert page.status_code in (200, 409, 422)
    return Controls(page).values | {name.replace("__", "-"): value for name, value in typed.items()}
