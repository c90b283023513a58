"""Anyone objects to a published entry; the office answers, and the notice goes on."""

from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys import deeds
from tests.journeys.people import Town, elsewhere
from workflows import clock, demo
from workflows.models import Case, Objection, PublicNotice
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_an_objection_holds_its_entry_until_it_is_answered(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="notice", timeline=[]))
    notice = PublicNotice.objects.get()
    town.wait_until(clock.end_of(notice.opens))
    anyone = town.person(scripts=False)

    # without a name, a phone or facts nothing is filed
    anyone.opens("notice", notice.slug)
    anyone.follows("Object to an entry")
    anyone.presses("File the objection", refused=422)

    anyone.writes("Your name, or the unit's full name", "示例行业协会")
    anyone.writes("Phone", "13800000000")
    anyone.writes("Facts and grounds", "实习人数与学校备案不一致，见学校公开的名单。")
    anyone.presses("File the objection")
    objection = Objection.objects.get()
    assert anyone.reads(objection.number)

    officer = town.person(demo.cast(case.district).officer)
    deeds.takes(officer, case.applicant.name)
    officer.chooses("result", Objection.Result.NOT_UPHELD)
    officer.writes("Answer to the objector", "经核查名单与备案一致，异议不成立。")
    officer.presses("Send the answer")

    assert Case.objects.get(pk=case.pk).state == State.NOTICE
    objection.refresh_from_db()
    assert objection.answered_by == demo.cast(case.district).officer
