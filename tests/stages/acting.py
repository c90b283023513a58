"""Every act of the lifecycle, done through the real verbs by people who are called by name."""

from dataclasses import dataclass
from typing import Any

from tests.stages.course import Course
from tests.stages.seating import CHECKERS, DEPARTMENTS, HAT, MEMBERS
from workflows.models import Case, Meeting, Seat, User
from workflows.stages import (
    acceptance,
    corrections,
    countersign,
    defences,
    deliberation,
    evaluation,
    issuance,
    panel,
    publication,
    review,
    submission,
    suspension,
    withdrawal,
)

ITEM = {"target": "", "reason": "inconsistent", "text": "请核对"}
EVERY_OFFICE = (
    "window", "district_reviewer", "case_officer", "leader", "issuer", "seal_keeper", "checker",
    "member",
)  # fmt: skip


@dataclass
class Acting:
    """One case, and everybody who may try something with it."""

    course: Course
    people: dict[str, User]
    meeting: Meeting | None = None
    meetings: int = 0

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.course.case

    # --- applicant and window -------------------------------------------------------------------
    def submit(self, who: str) -> None:
        submission.submit(self.case, by=self.people[who])

    def resubmit(self, who: str) -> None:
        corrections.resubmit(self.case, note="已补正", answers={1: "已补正"}, by=self.people[who])

    def withdraw(self, who: str) -> None:
        withdrawal.withdraw(self.case, reason="调整", by=self.people[who])

    def ask_withdrawal(self, who: str) -> None:
        withdrawal.ask(self.case, reason="调整", by=self.people[who])

    def consent_to_withdrawal(self, who: str) -> None:
        withdrawal.consent(self.case, by=self.people[who])

    def refuse_withdrawal(self, who: str) -> None:
        withdrawal.refuse(self.case, reason="公示期内", by=self.people[who])

    def accept(self, who: str) -> None:
        acceptance.accept(self.case, by=self.people[who])

    def return_once(self, who: str) -> None:
        corrections.return_once(self.case, items=[ITEM], by=self.people[who])

    def extend_correction(self, who: str) -> None:
        corrections.extend_correction(self.case, days=3, reason="假期", by=self.people[who])

    def refuse_acceptance(self, who: str) -> None:
        acceptance.refuse_acceptance(
            self.case, reason="out_of_scope", text="不属于受理范围。", by=self.people[who]
        )

    # --- review and check -----------------------------------------------------------------------
    def recommend(self, who: str) -> None:
        review.recommend(self.case, favourable=True, text="", by=self.people[who])

    def opinion(self, who: str, department: str, verdict: str) -> None:
        countersign.give_opinion(
            self.case, department=department, verdict=verdict, text="见函", by=self.people[who]
        )

    def conclude(self, who: str, verdict: str) -> None:
        review.conclude(self.case, verdict=verdict, text="见意见", by=self.people[who])

    def form_panel(self, who: str, experts: tuple[str, ...]) -> None:
        drawn = [self.people[each] for each in experts]
        panel.form_panel(self.case, experts=drawn, by=self.people[who])

    def declare(self, who: str, number: int) -> None:
        panel.declare(self._seat(number), by=self.people[who])

    def recuse(self, who: str, number: int) -> None:
        panel.recuse(self._seat(number), reason="曾任顾问", by=self.people[who])

    def check(self, who: str, number: int, verdict: str) -> None:
        seat = self._seat(number)
        evaluation.check(seat, verdict=verdict, text="见记录", by=self.people[who])

    def void_seat(self, who: str, number: int) -> None:
        evaluation.void_seat(self._seat(number), reason="曾任顾问", by=self.people[who])

    def substitute(self, who: str, expert: str) -> None:
        panel.substitute(self.case, expert=self.people[expert], by=self.people[who])

    def _seat(self, number: int) -> Seat:
        return self.course.seats[number]

    # --- conference -----------------------------------------------------------------------------
    def propose(self, who: str, grants: bool) -> None:
        deliberation.propose(
            self.case,
            outcome_="entered_pool" if grants else "refused",
            finding="",
            reasons=["证据不足"],
            by=self.people[who],
        )

    def endorse(self, who: str) -> None:
        deliberation.endorse(self.case, by=self.people[who])

    def table(self, who: str, written: bool) -> None:
        self.meetings += 1
        called = deliberation.convene(
            number=f"2026-{self.meetings}",
            title="联席会议",
            held=self.course.clock.moment,
            members=[(self.people[name], name) for name in (*MEMBERS, HAT)],
            convenor=self.people["convenor"],
            written=written,
            by=self.people["officer"],
        )
        deliberation.table(self.case, meeting=called, by=self.people[who])
        self.meeting = called

    def attend(self, who: str, members: tuple[str, ...]) -> None:
        users = [self.people[member] for member in members]
        deliberation.attend(self._meeting, users=users, by=self.people[who])

    def vote(self, who: str, choice: str) -> None:
        deliberation.vote(self.case, choice=choice, reason="见发言", by=self.people[who])

    def resolve(self, who: str, result: str) -> None:
        by = self.people[who]
        deliberation.resolve(self.case, by=by, result=result, questions="请补充")

    def close_meeting(self, who: str) -> None:
        deliberation.close_meeting(self._meeting, minutes="纪要", by=self.people[who])

    @property
    def _meeting(self) -> Meeting:
        assert self.meeting is not None
        return self.meeting

    # --- notice and decision --------------------------------------------------------------------
    def publish(self, who: str) -> None:
        publication.publish([self.case], by=self.people[who])

    def object(self, who: str) -> None:
        entry = self.case.entries.select_related("case", "notice").latest("pk")
        claim: dict[str, Any] = {"contact_name": who, "phone": "021-0", "is_unit": True}
        publication.file_objection(entry, objector="某公司", facts="人数不实", **claim)

    def answer(self, who: str, effect: str) -> None:
        publication.answer_objection(
            publication.open_objections(self.case)[0],
            result="upheld" if effect else "not_upheld",
            answer="经核查。",
            effect=effect,
            by=self.people[who],
        )

    def defend(self, who: str) -> None:
        defences.state(self.case, text="证据在附件中。", by=self.people[who])

    def answer_defence(self, who: str, convinced: bool) -> None:
        by = self.people[who]
        defences.answer(self.case, text="经复核。", convinced=convinced, by=by)

    def sign(self, who: str) -> None:
        issuance.sign(self.case, by=self.people[who])

    def seal(self, who: str) -> None:
        issuance.seal(self.case, by=self.people[who])

    def hold(self, who: str) -> None:
        issuance.hold(self.case, reason="失信核查", by=self.people[who])

    # --- outside the ordinary course ------------------------------------------------------------
    def suspend(self, who: str) -> None:
        by = self.people[who]
        suspension.suspend(self.case, ground="litigation", reason="诉讼", by=by)

    def resume(self, who: str) -> None:
        suspension.resume(self.case, by=self.people[who])

    def terminate(self, who: str) -> None:
        suspension.terminate(self.case, reason="单位注销", by=self.people[who])

    def extend(self, who: str) -> None:
        suspension.extend(self.case, reason="案情复杂", by=self.people[who])


def acting(course: Course) -> Acting:
    """Everybody by name, and one who holds every office, around the draft of ``course``."""
    cast = course.cast
    hat = cast.auditor
    for role in EVERY_OFFICE:
        hat = course.also(hat, role)
    people = {
        "window": cast.window,
        "district": cast.district,
        "officer": cast.officer,
        "leader": cast.leader,
        "convenor": cast.convenor,
        "issuer": cast.issuer,
        "seal": cast.seal,
        "clerk": course.clerk,
        "signer": course.signer,
        HAT: hat,
        **dict(zip(CHECKERS, cast.checkers, strict=True)),
        **dict(zip(MEMBERS, (user for user, _ in cast.members), strict=True)),
        **{f"department.{code}": cast.departments[code] for code in DEPARTMENTS},
    }
    return Acting(course, people)
