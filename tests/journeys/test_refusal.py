"""A refusal, read in English by everyone: objection, stop, decision letter with its reasons."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys import deeds
from tests.journeys.people import Town, elsewhere
from workflows import demo
from workflows.documents import signing, verification
from workflows.models import Case, Document
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
FACTS = "2026年3月因虚假宣传被行政处罚，决定书文号示例〔2026〕1号。"


def test_a_refusal_in_english(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="opinion", timeline=[]))
    town.wait_until(case.accepted + timedelta(days=3))
    cast, name = demo.cast(case.district), case.applicant.name
    reader = partial(town.person, language="en")

    # one department objects with facts, the others do not
    for code in case.filed.assessment["departments"]:
        department = reader(cast.departments[code])
        deeds.takes(department, name)
        if code == "market":
            department.writes("Facts", FACTS)
            department.presses("Object")
        else:
            department.presses("No objection")

    # the review is stopped, a refusal proposed, endorsed and voted on
    officer = reader(cast.officer)
    deeds.takes(officer, name)
    officer.writes("Opinion", "市场监管部门的异议成立。")
    officer.presses("Stop the review")
    deeds.takes(officer, name)
    officer.writes("Finding", "不符合诚信合规条件。")
    officer.writes("Reasons in your own words", FACTS)
    officer.presses("Propose")
    deeds.decides(reader(cast.leader), name, "Endorse")
    deeds.meets(town, cast, name, members=3, language="en")

    # signed, sealed, made, delivered; the applicant reads why
    deeds.decides(reader(cast.issuer), name, "Sign the decision")
    deeds.decides(reader(cast.seal), name, "Apply the seal")
    town.work()
    signer = reader(demo.signer(case.applicant))
    signer.opens("case_progress", case.reference)
    assert signer.reads(FACTS)
    letter = Document.objects.get(case=case, kind="decision_refused")
    pdf = signer.downloads(signer.page.locator(f"main a[href*='/papers/{letter.code}']"))
    signer.follows(letter.code)
    assert signer.reads(letter.number)

    trust = signing.signer()
    proof = partial(verification.verify, pdf, roots=trust.roots, revocations=trust.revocations)
    assert elsewhere(proof).valid
    ended = Case.objects.get(pk=case.pk)
    assert (ended.state, ended.outcome) == (State.REFUSED, "refused")
    assert FACTS in ended.decision.reasons
