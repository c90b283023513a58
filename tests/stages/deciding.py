"""What follows a ranking, on an ordinary day: proposal, conference, notice; for any case."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import count

from workflows import clock, demo
from workflows.models import Case, Decision, Meeting
from workflows.stages import deliberation, outcome, publication

_meetings = count(1)


def found(case: Case) -> Case:
    """``case`` as the database has it now."""
    return Case.objects.select_related("edition", "applicant", "round__edition").get(pk=case.pk)


def propose(case: Case, cast: demo.Cast, word: str = "", amount: Decimal | None = None) -> None:
    """The officer proposes what the place says, or another outcome."""
    case = found(case)
    word = word or outcome.proposed(case)
    reasons = [] if outcome.grants(case, word) else ["未进入拟认定名单。"]
    deliberation.propose(
        case, outcome_=word, finding="见评审结果。", reasons=reasons, by=cast.officer, amount=amount
    )


def meeting(cast: demo.Cast) -> Meeting:
    """A meeting everybody is called to."""
    return deliberation.convene(
        number=f"2026-R{next(_meetings)}",
        title="联席会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        by=cast.officer,
    )


def vote(case: Case, cast: demo.Cast, choice: str = "agree") -> None:
    """The endorsed proposal is tabled, and everybody votes alike."""
    called = meeting(cast)
    deliberation.table(found(case), meeting=called, by=cast.officer)
    members = [user for user, _ in cast.members]
    deliberation.attend(called, users=members, by=cast.convenor)
    for user in members:
        deliberation.vote(found(case), choice=choice, reason="见发言。", by=user)


def resolve(case: Case, cast: demo.Cast) -> None:
    """The convenor counts."""
    deliberation.resolve(found(case), by=cast.convenor)


def decide(case: Case, cast: demo.Cast, word: str = "", choice: str = "agree") -> None:
    """From the proposal to the conference's resolution."""
    propose(case, cast, word)
    deliberation.endorse(found(case), by=cast.leader)
    vote(case, cast, choice)
    resolve(case, cast)


def publish(cases: Sequence[Case], cast: demo.Cast) -> None:
    """The list is published."""
    publication.publish([found(each) for each in cases], by=cast.officer)


def close(case: Case) -> None:
    """The notice of ``case`` has run its days."""
    last = case.entries.filter(removed=None).latest("pk").notice.closes
    with clock.at(clock.end_of(last) + timedelta(minutes=1)):
        publication.close_notice(found(case))


def decision(case: Case) -> Decision:
    """What was proposed of ``case``."""
    return Decision.objects.get(case=case)
