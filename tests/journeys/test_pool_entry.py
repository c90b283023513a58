"""The whole way of a pool entry by hand: from a clerk's first page to a paper anyone can verify."""

from datetime import timedelta
from functools import partial

import pytest

from tests import conftest
from tests.journeys import deeds
from tests.journeys.people import Person, Town, elsewhere, signs_in
from workflows import clock, demo
from workflows.documents import signing, verification
from workflows.models import Case, Certificate, PublicNotice
from workflows.models.case import State
from workflows.recording.reader import Application

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_from_draft_to_certificate(town: Town) -> None:
    application = next(each for each in conftest.recording().applications if each.id == "P1-002")
    organisation = deeds.organisation_of(application)
    cast = demo.cast(organisation.district)
    clerk, signer = town.person(), town.person(demo.signer(organisation))
    signs_in(clerk, demo.clerk(organisation))

    case = _applies(town, clerk, signer, application)
    officer = _is_reviewed(town, cast, case)
    _is_decided(town, cast, officer, organisation.name)
    notice = _is_published(town, officer, organisation.name)
    town.wait_until(clock.end_of(notice.closes) + timedelta(hours=9))
    deeds.decides(town.person(cast.issuer), organisation.name, "Sign the decision")
    deeds.decides(town.person(cast.seal), organisation.name, "Apply the seal")
    town.work()
    clerk.opens("certificates")
    pdf = clerk.downloads(clerk.page.get_by_role("link", name="PDF"))
    signer.opens("case_progress", case.reference)
    signer.writes("Your password", demo.PASSWORD)
    signer.presses("I received it")

    title = Certificate.objects.get(case=case)
    anyone = town.person()
    anyone.opens("certificate_check", title.document.code)
    assert anyone.reads(title.number)
    trust = signing.signer()
    proof = partial(verification.verify, pdf, roots=trust.roots, revocations=trust.revocations)
    assert elsewhere(proof).valid
    ended = Case.objects.get(pk=case.pk)
    assert (ended.state, ended.outcome) == (State.GRANTED, "entered_pool")


def _applies(town: Town, clerk: Person, signer: Person, application: Application) -> Case:
    """The clerk fills in every section and the papers; the signer files."""
    deeds.begins_draft(clerk, "pool_entry")
    case = Case.objects.get()
    for section in case.rules.form.sections:
        if section.show is None:
            clerk.opens("case_section", case.reference, section.code)
            deeds.fills_section(clerk, application.form)
    deeds.uploads(clerk, case)
    clerk.follows("Check the answers")
    signer.opens("case_submit", case.reference)
    signer.chooses("promise")
    signer.writes("Your password", demo.PASSWORD)
    signer.presses("Sign and submit")
    town.work()
    signer.opens("case_receipt", case.reference)
    return case


def _is_reviewed(town: Town, cast: demo.Cast, case: Case) -> Person:
    """Window, district, departments and two reviewers; the officer sends it on each time."""
    name = case.applicant.name
    window = town.person()
    signs_in(window, cast.window)
    deeds.takes(window, name)
    window.marks("All remaining in order")
    window.presses("Accept")
    town.work()
    deeds.decides(town.person(cast.district), name, "Recommend")
    for code in case.filed.assessment["departments"]:
        deeds.decides(town.person(cast.departments[code]), name, "No objection")
    officer = town.person(cast.officer)
    deeds.takes(officer, name)
    officer.marks("All remaining in order")
    officer.presses("Send to evaluation")
    deeds.takes(officer, name)
    officer.presses("Draw by lot")
    officer.presses("Seat them")
    for seat in case.seats.select_related("expert"):
        deeds.checks(town.person(seat.expert), seat.code)
    return officer


def _is_decided(town: Town, cast: demo.Cast, officer: Person, name: str) -> None:
    """Proposal, endorsement, and a meeting that votes."""
    deeds.takes(officer, name)
    officer.writes("Finding", "满足产教融合条件二项。")
    officer.presses("Propose")
    deeds.decides(town.person(cast.leader), name, "Endorse")
    deeds.meets(town, cast, name, members=7, language="zh-hans")


def _is_published(town: Town, officer: Person, name: str) -> PublicNotice:
    """The public is told."""
    deeds.decides(officer, name, "Publish the notice")
    notice = PublicNotice.objects.get()
    anyone = town.person()
    anyone.opens("notices")
    anyone.follows(notice.title)
    assert anyone.reads(name)
    return notice
