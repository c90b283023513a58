"""The whole way of a pool entry by hand: from a clerk's first page to a paper anyone can verify."""

from datetime import timedelta

import pytest

from tests import conftest
from tests.journeys import deeds
from tests.journeys.people import Town, signs_in
from workflows import clock, demo
from workflows.documents import signing, verification
from workflows.models import Case, Certificate, PublicNotice
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_from_draft_to_certificate(town: Town) -> None:
    application = next(each for each in conftest.recording().applications if each.id == "P1-002")
    record = next(
        each for each in conftest.recording().organisations if each.uscc == application.form["uscc"]
    )
    organisation = demo.organisation(record.profile())
    cast = demo.cast(organisation.district)
    name = organisation.name

    # the clerk fills in, the signer files
    clerk = town.person()
    signs_in(clerk, demo.clerk(organisation))
    deeds.begins_draft(clerk, "pool_entry")
    case = Case.objects.get()
    for section in ("common", "basics", "integrity", "integration", "plan", "declaration"):
        clerk.opens("case_section", case.reference, section)
        deeds.fills_section(clerk, application.form)
    deeds.uploads(clerk, case, [paper.code for paper in application.attachments if paper.code != "annual_reports"])
    clerk.follows("Check the answers")
    signer = town.person(demo.signer(organisation))
    signer.opens("case_submit", case.reference)
    signer.ticks("promise")
    print(clerk.page.url, town.complaints)
