"""A tour of the pages that no errand of the other journeys leads to, in both languages."""

from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys.people import Person, Town, elsewhere
from workflows import demo
from workflows.models import Case, Document, Event, Seat

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
TABS = ("answers", "files", "opinions", "marks", "papers", "timeline")


@pytest.mark.parametrize("language", ["zh-hans", pytest.param("en", marks=pytest.mark.faults)])
def test_every_corner_of_the_house(town: Town, carry: Carry, language: str) -> None:
    granted = elsewhere(partial(carry, "P1-002"))
    weighed = elsewhere(partial(carry, "P1-001", until="sheet"))
    last = Event.objects.order_by("at").last()
    town.wait_until(last.at)
    reader = partial(town.person, language=language)
    cast = demo.cast(granted.district)

    anyone = reader()
    tour(anyone, "home", "accessibility", "privacy", "contact", "guide", "notices", "directory")
    tour(anyone, "verify", "verify_file", "progress", "account_login", "account_reset_password")
    anyone.opens("guide_programme", "enterprise_certification")
    asks_about(anyone, granted)

    signer = reader(demo.signer(granted.applicant))
    tour(signer, "workspace", "certificates", "messages", "org_members", "apply")
    tour(signer, "account_change_password", "usersessions_list", "mfa_index", "account_logout")
    for name in ("case_progress", "case_check", "case_correction", "case_receipt"):
        signer.opens(name, granted.reference)

    expert = reader(Seat.objects.filter(case=weighed).first().expert)
    tour(expert, "evaluations", "messages")
    expert.opens("evaluation", Seat.objects.filter(case=weighed).first().code)
    expert.chooses("none")
    expert.presses("Declare and open the file")
    expert.presses("Lock the sheet", refused=422)

    officer = reader(cast.officer)
    tour(officer, "tasks", "cases", "evaluations", "meetings", "messages", "phrases", "search")
    for tab in TABS:
        officer.opens("case_file", granted.reference, query=f"?tab={tab}")
    officer.opens("tasks_queue", "done")
    officer.opens("meeting", granted.items.get().meeting.number)
    leader = reader(cast.leader)
    tour(leader, "stats", "sharing", "absences", "saved_views")
    for act in ("suspend", "extend", "terminate"):
        leader.opens("case_file", weighed.reference, query=f"?do={act}")

    member = reader(cast.members[0][0])
    tour(member, "commission", "cases")
    member.opens("commission_item", granted.items.get().meeting.number, granted.reference)
    auditor = reader(cast.auditor)
    tour(auditor, "audit", "cases")
    auditor.opens("audit_case", granted.reference)
    tour(reader(cast.operator), "jobs", "operations")
    is_lost(officer)


def tour(person: Person, *names: str) -> None:
    """Open one page after another."""
    for name in names:
        person.opens(name)


def asks_about(anyone: Person, case: Case) -> None:
    """Ask where a case stands and whether a paper is genuine, rightly and wrongly."""
    anyone.opens("progress")
    anyone.page.fill("#id_reference", case.reference)
    anyone.page.fill("#id_ending", case.applicant.uscc[-4:])
    anyone.page.press("#id_ending", "Enter")
    anyone.looks()
    for document in Document.objects.filter(case=case, kind__in=["pool_notice", "receipt"]):
        anyone.opens("certificate_check", document.code)
    anyone.opens("certificate_check", "NO-SUCH-CODE")
    anyone.opens("verify", query="?q=沪产教培库〔1999〕0001号")


def is_lost(person: Person) -> None:
    """Come to a page that is not there, and to one of another office."""
    with person.expecting(404):
        person.opens("case_file", "CJRH-1999-0001")
    with person.expecting(403):
        person.opens("audit")
