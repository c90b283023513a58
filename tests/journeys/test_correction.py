"""One correction round, with scripts switched off in every browser."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys import deeds
from tests.journeys.people import Town, elsewhere
from workflows import demo
from workflows.models import Case
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_correction_round_without_scripts(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="acceptance", timeline=[]))
    town.wait_until(case.submitted + timedelta(days=1))
    window = town.person(demo.cast(case.district).window, scripts=False)
    clerk = town.person(demo.clerk(case.applicant), scripts=False)
    signer = town.person(demo.signer(case.applicant), scripts=False)

    # everything that is wrong is named once
    deeds.takes(window, case.applicant.name)
    window.chooses("check-credit_report", "no")
    window.presses("Ask for correction")
    window.page.select_option("main [name=reason-0]", "missing_paper")
    window.presses("Send the notice")
    town.work()

    # the clerk adds the paper, the signer hands it in
    clerk.opens("workspace")
    clerk.follows("Go on correcting")
    clerk.follows("Upload the paper")
    deeds.attaches(clerk, case, "credit_report")
    signer.opens("case_correction", case.reference)
    signer.writes("Remark", "已补交公共信用信息报告。")
    signer.writes("Your password", demo.PASSWORD)
    signer.presses("Sign and hand in")

    # now it is complete
    deeds.takes(window, case.applicant.name)
    window.marks("All remaining in order")
    window.presses("Accept")
    town.work()

    ended = Case.objects.get(pk=case.pk)
    assert (ended.state, ended.submissions.count()) == (State.ACCEPTED, 2)
    assert [item.answer for item in ended.correction.items.all()] == ["已补交公共信用信息报告。"]
