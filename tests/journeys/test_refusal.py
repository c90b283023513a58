"""A refusal, read in English by everyone: objection, stop, decision letter with its reasons."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys import deeds
from tests.journeys.people import Person, Town, elsewhere
from workflows import demo
from workflows.documents import signing, verification
from workflows.models import Case, Document, User
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ANSWER = "经核实，处罚决定仍然有效。"
FACTS = "2026年3月因虚假宣传被行政处罚，决定书文号示例〔2026〕1号。"


def test_a_refusal_in_english(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="opinion", timeline=[]))
    town.wait_until(case.accepted + timedelta(days=3))
    cast, name = demo.cast(case.district), case.applicant.name

    _is_objected(town, cast, case)
    officer = _is_proposed(town, cast, name)
    _is_defended(town, officer, case)
    _is_sealed(town, cast, name)
    letter, pdf = _is_read(town, case)

    trust = signing.signer()
    proof = partial(verification.verify, pdf, roots=trust.roots, revocations=trust.revocations)
    assert elsewhere(proof).valid
    ended = Case.objects.get(pk=case.pk)
    assert (ended.state, ended.outcome) == (State.REFUSED, "refused")
    assert FACTS in ended.decision.reasons
    assert ANSWER in letter.record


def _english(town: Town, user: User) -> Person:
    """``user``, who reads English."""
    return town.person(user, language="en")


def _is_objected(town: Town, cast: demo.Cast, case: Case) -> None:
    """One department objects with facts, the others do not."""
    for code in case.filed.assessment["departments"]:
        department = _english(town, cast.departments[code])
        deeds.takes(department, case.applicant.name)
        if code == "market":
            department.writes("Facts", FACTS)
            department.presses("Object")
        else:
            department.presses("No objection")


def _is_proposed(town: Town, cast: demo.Cast, name: str) -> Person:
    """The officer stops the review; a refusal is proposed, endorsed and voted on."""
    officer = _english(town, cast.officer)
    deeds.takes(officer, name)
    officer.writes("Opinion", "市场监管部门的异议成立。")
    officer.presses("Stop the review")
    deeds.takes(officer, name)
    officer.writes("Finding", "不符合诚信合规条件。")
    officer.writes("Reasons in your own words", FACTS)
    officer.presses("Propose")
    deeds.decides(_english(town, cast.leader), name, "Endorse")
    deeds.meets(town, cast, name, members=3, language="en")
    return officer


def _is_defended(town: Town, officer: Person, case: Case) -> None:
    """The applicant is told beforehand with the grounds, defends itself, and is answered."""
    defendant = _english(town, demo.signer(case.applicant))
    defendant.opens("case_defence", case.reference)
    assert defendant.reads(FACTS)
    defendant.writes("What you say to it", "处罚决定已被撤销。")
    defendant.writes("Your password", demo.PASSWORD)
    defendant.presses("Sign and send")
    officer.opens("case_file", case.reference)
    officer.follows("Answer the defence")
    officer.writes("Answer to the applicant", ANSWER)
    officer.presses("The refusal stands")


def _is_sealed(town: Town, cast: demo.Cast, name: str) -> None:
    """The decision is signed, sealed, made and delivered."""
    deeds.decides(_english(town, cast.issuer), name, "Sign the decision")
    deeds.decides(_english(town, cast.seal), name, "Apply the seal")
    town.work()


def _is_read(town: Town, case: Case) -> tuple[Document, bytes]:
    """The applicant reads why, and takes the letter along."""
    signer = _english(town, demo.signer(case.applicant))
    signer.opens("case_progress", case.reference)
    assert signer.reads(FACTS)
    letter = Document.objects.get(case=case, kind="decision_refused")
    pdf = signer.downloads(signer.page.locator(f"main a[href*='/papers/{letter.code}']"))
    signer.follows(letter.code)
    assert signer.reads(letter.number)
    return letter, pdf
