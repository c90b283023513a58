"""The lifecycle machine: anybody tries anything at any moment, and the house stays lawful.

Every act is tried on the model and on the product. They must agree on whether it may happen and on
where the case stands afterwards; the product refuses with a sentence of its own or not at all; and
after every act the books balance and the chain verifies.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import MONDAY
from tests.stages.course import Course
from tests.stages.model import CLOSED, Model
from tests.stages.seating import CHECKERS, DEPARTMENTS, HAT, MEMBERS, OFFICES
from workflows import audit, clock, jobs
from workflows.audit import books
from workflows.errors import CaseError
from workflows.models import Case, Correction, Seat, Task, User
from workflows.models.meeting import Meeting
from workflows.stages import (
    acceptance,
    countersign,
    deliberation,
    evaluation,
    issuance,
    publication,
    review,
    submission,
    suspension,
)

ITEM = {"target": "", "reason": "inconsistent", "text": "请核对"}
SECOND = timedelta(seconds=1)
EVERYONE = (*OFFICES, "clerk", "signer")
ANY_CHECKER = st.sampled_from((*CHECKERS, HAT))
ANY_SEAT = st.integers(0, 3)
WITH: dict[str, dict[str, st.SearchStrategy[Any]]] = {  # what an act needs beside a person
    "opinion": {
        "department": st.sampled_from(DEPARTMENTS),
        "verdict": st.sampled_from(["no_objection", "objection"]),
    },
    "conclude": {"verdict": st.sampled_from(["evaluate", "back", "stop"])},
    "form_panel": {"experts": st.tuples(ANY_CHECKER, ANY_CHECKER)},
    "declare": {"number": ANY_SEAT},
    "recuse": {"number": ANY_SEAT},
    "check": {"number": ANY_SEAT, "verdict": st.sampled_from(["pass", "fail"])},
    "void_seat": {"number": ANY_SEAT},
    "substitute": {"expert": st.sampled_from((*CHECKERS, HAT, "officer"))},
    "propose": {"grants": st.booleans()},
    "table": {"written": st.booleans()},
    "attend": {"members": st.sets(st.sampled_from((*MEMBERS, HAT))).map(tuple)},
    "vote": {"choice": st.sampled_from(["agree", "disagree", "abstain", "recused"])},
    "resolve": {"result": st.sampled_from(["", "deferred", "sent_back"])},
    "answer": {"effect": st.sampled_from(["", "remove", "evaluate"])},
    "withdraw": {"consent": st.booleans()},
}
VERBS = (
    "submit", "accept", "return_once", "refuse_acceptance", "extend_correction", "resubmit",
    "recommend", "opinion", "conclude", "form_panel", "declare", "recuse", "check", "void_seat",
    "substitute", "propose", "endorse", "table", "attend", "vote", "resolve", "close_meeting",
    "publish", "object", "answer", "sign", "seal", "hold", "withdraw", "suspend", "resume",
    "terminate", "extend",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """A complete draft and everybody by name; every example begins here and leaves it as it was."""

    course: Course
    people: dict[str, User]


class Lifecycle(RuleBasedStateMachine):
    """One example: one case from its draft to wherever chance and the law take it."""

    def __init__(self, world: World) -> None:
        """Begin with the draft, inside a transaction that will never have been."""
        super().__init__()
        self.course, self.people = world.course, world.people
        self.course.clock.move_to(MONDAY)
        self.model, self.meeting, self.meetings = Model(), None, 0
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        """Undo everything."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------------------
    @initialize(acts=st.integers(0, 22))
    def an_ordinary_course(self, acts: int) -> None:
        """Everybody does their part for a while."""
        for _ in range(acts):
            self.ordinary()

    @rule()
    def everybody_does_their_part(self) -> None:
        """The case goes on as on an ordinary day."""
        self.ordinary()

    @rule(verb=st.sampled_from(VERBS), who=st.sampled_from(EVERYONE), data=st.data())
    def anybody_tries_anything(self, verb: str, who: str, data: st.DataObject) -> None:
        """Somebody tries something, entitled or not, in time or not."""
        given = {name: data.draw(strategy) for name, strategy in WITH.get(verb, {}).items()}
        getattr(self, verb)(who, **given)

    @rule(verb=st.sampled_from(VERBS), data=st.data())
    def somebody_of_every_office_tries_anything(self, verb: str, data: st.DataObject) -> None:
        """The same by whoever is entitled to nearly everything."""
        given = {name: data.draw(strategy) for name, strategy in WITH.get(verb, {}).items()}
        getattr(self, verb)(HAT, **given)

    @rule(days=st.sampled_from([0, 1, 3, 40]))
    def time_passes(self, days: int) -> None:
        """Days go by, and the workers do what falls due."""
        self.wait(self.now + timedelta(days=days))

    @rule()
    def the_last_day_passes(self) -> None:
        """Whatever runs out next runs out."""
        if self.model.deadline is not None:
            self.wait(max(self.now, self.model.deadline + SECOND))

    # --- what must be so ------------------------------------------------------------------------
    @invariant()
    def the_product_stands_where_the_model_stands(self) -> None:
        """State and open tasks are the same in both."""
        waiting = set(self.course.waiting)
        assert (self.course.state, waiting) == (self.model.state, self.model.nodes())

    @invariant()
    def books_balance_and_the_chain_verifies(self) -> None:
        """Rows tell one story, and the trail tells how it came to that."""
        chain = f"case:{self.course.drive.case.pk}"
        assert [str(each) for each in (*books.imbalances(), *audit.verify(chain))] == []

    # --- trying ---------------------------------------------------------------------------------
    @property
    def now(self) -> Any:
        """The present moment of this example."""
        return self.course.clock.moment

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.course.case

    def tried(self, may: bool, act: Callable[[], object]) -> None:
        """Let ``act`` happen or be refused, as the model says it ``may``."""
        try:
            act()
        except CaseError as refusal:
            assert not may, f"the model allows what the house refuses: {refusal!r} {refusal}"
            assert refusal.status in {403, 409, 422}
        else:
            assert may, "the house allows what the model refuses"
        self.model.deadline = self._deadline()

    def _deadline(self) -> Any:
        case, day = self.course.drive.case, None
        state = self.model.state
        if state == "returned":
            day = Correction.objects.get(case=case).due
        elif state in ("notice", "objection") and self.model.step != "publication":
            day = publication.running_entry(case).notice.closes
        elif state in ("submitted", "countersign"):
            day = Task.objects.filter(case=case, finished=None).earliest("due").due
        return clock.end_of(day) if day else None

    def wait(self, moment: Any) -> None:
        """It is ``moment``, and everything due has been done."""
        self.course.clock.move_to(moment)
        if self.model.deadline is not None and moment > self.model.deadline:
            self.model.overdue()
        self.model.issued()
        self.tried(True, jobs.run_due)

    def ordinary(self) -> None:
        """Whoever the case waits for does what they do on an ordinary day."""
        if self.model.state in CLOSED:
            return
        if self.model.state in ("draft", "suspended"):
            self.submit("signer") if self.model.state == "draft" else self.resume("leader")
            return
        for node in sorted(self.model.nodes()):
            if node in self.model.nodes():
                getattr(self, f"_{node}")()

    # --- ordinary parts -------------------------------------------------------------------------
    def _acceptance(self) -> None:
        self.accept("window")

    def _correction(self) -> None:
        self.resubmit("signer")

    def _district_review(self) -> None:
        self.recommend("district")

    def _opinion(self) -> None:
        for department in sorted(self.model.asked):
            self.opinion(f"department.{department}", department, "no_objection")

    def _department_review(self) -> None:
        self.conclude("officer", "evaluate")

    def _panel(self) -> None:
        self.form_panel("officer", CHECKERS[:2])

    def _sheet(self) -> None:
        experts = [seat.expert for seat in self.model.seats]
        if any(vacant for _, vacant in self.model.sheets):
            spare = next((each for each in (*CHECKERS, HAT) if each not in experts), HAT)
            self.substitute("officer", spare)
        for number, seat in enumerate(self.model.seats):
            if self.model.state == "evaluating" and not (seat.void or seat.verdict):
                self.declare(seat.expert, number)
                self.check(seat.expert, number, "pass")

    def _proposal(self) -> None:
        self.propose("officer", grants=True)

    def _endorsement(self) -> None:
        self.endorse("leader")

    def _tabling(self) -> None:
        self.table("officer", written=False)

    def _ballot(self) -> None:
        self.attend("convenor", MEMBERS)
        for member in MEMBERS:
            self.vote(member, "agree")

    def _resolution(self) -> None:
        self.resolve("convenor", "")

    def _publication(self) -> None:
        self.publish("officer")

    def _notice(self) -> None:
        self.the_last_day_passes()

    def _objection(self) -> None:
        self.answer("officer", "")

    def _signing(self) -> None:
        self.sign("issuer")

    def _sealing(self) -> None:
        self.seal("seal")

    def _issuing(self) -> None:
        self.wait(self.now)

    # --- every act, on both ---------------------------------------------------------------------
    def submit(self, who: str) -> None:
        self.tried(self.model.submit(who), lambda: submission.submit(self.case, by=self._by(who)))

    def _by(self, who: str) -> User:
        return self.people[who]

    def accept(self, who: str) -> None:
        self.tried(self.model.accept(who), lambda: acceptance.accept(self.case, by=self._by(who)))

    def return_once(self, who: str) -> None:
        self.tried(
            self.model.return_once(who),
            lambda: acceptance.return_once(self.case, items=[ITEM], by=self._by(who)),
        )

    def refuse_acceptance(self, who: str) -> None:
        told = {"reason": "out_of_scope", "text": "不属于受理范围。", "by": self._by(who)}
        self.tried(
            self.model.refuse_acceptance(who),
            lambda: acceptance.refuse_acceptance(self.case, **told),
        )

    def extend_correction(self, who: str) -> None:
        told = {"days": 3, "reason": "假期", "by": self._by(who)}
        self.tried(
            self.model.extend_correction(who),
            lambda: acceptance.extend_correction(self.case, **told),
        )

    def resubmit(self, who: str) -> None:
        told = {"note": "已补正", "answers": {}, "by": self._by(who)}
        self.tried(self.model.resubmit(who), lambda: submission.resubmit(self.case, **told))

    def recommend(self, who: str) -> None:
        told = {"favourable": True, "text": "", "by": self._by(who)}
        self.tried(self.model.recommend(who), lambda: review.recommend(self.case, **told))

    def opinion(self, who: str, department: str, verdict: str) -> None:
        told = {"department": department, "verdict": verdict, "text": "见函", "by": self._by(who)}
        self.tried(
            self.model.opinion(who, department),
            lambda: countersign.give_opinion(self.case, **told),
        )

    def conclude(self, who: str, verdict: str) -> None:
        told = {"verdict": verdict, "text": "见意见", "by": self._by(who)}
        self.tried(self.model.conclude(who, verdict), lambda: review.conclude(self.case, **told))

    def form_panel(self, who: str, experts: tuple[str, ...]) -> None:
        told = {"experts": [self._by(each) for each in experts], "by": self._by(who)}
        self.tried(
            self.model.form_panel(who, experts),
            lambda: evaluation.form_panel(self.case, **told),
        )

    def _on_seat(self, verb: str, who: str, number: int, *facts: str, **told: str) -> None:
        """An act on one of the seats, if there is such a seat."""
        if number < len(self.model.seats):
            may = getattr(self.model, verb)(who, number, *facts)
            seat: Seat = self.course.seats[number]
            self.tried(may, lambda: getattr(evaluation, verb)(seat, **told, by=self._by(who)))

    def declare(self, who: str, number: int) -> None:
        self._on_seat("declare", who, number)

    def recuse(self, who: str, number: int) -> None:
        self._on_seat("recuse", who, number, reason="曾任顾问")

    def check(self, who: str, number: int, verdict: str) -> None:
        self._on_seat("check", who, number, verdict, verdict=verdict, text="见记录")

    def void_seat(self, who: str, number: int) -> None:
        self._on_seat("void_seat", who, number, reason="曾任顾问")

    def substitute(self, who: str, expert: str) -> None:
        told = {"expert": self._by(expert), "by": self._by(who)}
        self.tried(
            self.model.substitute(who, expert),
            lambda: evaluation.substitute(self.case, **told),
        )

    def propose(self, who: str, *, grants: bool) -> None:
        outcome = "entered_pool" if grants else "refused"
        told = {"outcome_": outcome, "finding": "", "reasons": ["证据不足"], "by": self._by(who)}
        self.tried(
            self.model.propose(who, grants), lambda: deliberation.propose(self.case, **told)
        )

    def endorse(self, who: str) -> None:
        self.tried(
            self.model.endorse(who), lambda: deliberation.endorse(self.case, by=self._by(who))
        )

    def table(self, who: str, *, written: bool) -> None:
        self.meetings += 1
        called = deliberation.convene(
            number=f"2026-{self.meetings}",
            title="联席会议",
            held=self.now,
            members=[(self._by(name), name) for name in (*MEMBERS, HAT)],
            convenor=self._by("convenor"),
            written=written,
            by=self._by("officer"),
        )
        may = self.model.table(who, written)
        self.meeting = called if may else self.meeting
        self.tried(may, lambda: deliberation.table(self.case, meeting=called, by=self._by(who)))

    def _met(self) -> Meeting | None:
        return self.meeting

    def attend(self, who: str, members: tuple[str, ...]) -> None:
        if meeting := self._met():
            users = [self._by(member) for member in members]
            self.tried(
                self.model.attend(who, members),
                lambda: deliberation.attend(meeting, users=users, by=self._by(who)),
            )

    def vote(self, who: str, choice: str) -> None:
        if self._met():
            told = {"choice": choice, "reason": "见发言", "by": self._by(who)}
            self.tried(
                self.model.vote(who, choice), lambda: deliberation.vote(self.case, **told)
            )

    def resolve(self, who: str, result: str) -> None:
        if self._met():
            told = {"result": result, "questions": "请补充", "by": self._by(who)}
            self.tried(
                self.model.resolve(who, result),
                lambda: deliberation.resolve(self.case, **told),
            )

    def close_meeting(self, who: str) -> None:
        if meeting := self._met():
            self.tried(
                self.model.close_meeting(who),
                lambda: deliberation.close_meeting(meeting, minutes="纪要", by=self._by(who)),
            )

    def publish(self, who: str) -> None:
        self.tried(
            self.model.publish(who), lambda: publication.publish([self.case], by=self._by(who))
        )

    def object(self, who: str) -> None:
        claim = {"objector": "某公司", "contact_name": who, "phone": "1", "facts": "人数不实"}
        entry = self.case.entries.select_related("case", "notice").order_by("-pk").first()
        if entry is not None:
            self.tried(
                self.model.object(self.now),
                lambda: publication.file_objection(entry, **claim, is_unit=True),
            )

    def answer(self, who: str, effect: str) -> None:
        open_ = publication.open_objections(self.course.drive.case)
        if open_:
            told = {"result": "upheld" if effect else "not_upheld", "effect": effect}
            self.tried(
                self.model.answer(who, effect, self.now),
                lambda: publication.answer_objection(
                    open_[0], **told, answer="经核查。", by=self._by(who)
                ),
            )

    def sign(self, who: str) -> None:
        self.tried(self.model.sign(who), lambda: issuance.sign(self.case, by=self._by(who)))

    def seal(self, who: str) -> None:
        self.tried(self.model.seal(who), lambda: issuance.seal(self.case, by=self._by(who)))

    def hold(self, who: str) -> None:
        self.tried(
            self.model.hold(who),
            lambda: issuance.hold(self.case, reason="失信核查", by=self._by(who)),
        )

    def withdraw(self, who: str, *, consent: bool) -> None:
        told = {"reason": "业务调整", "consent_by": self._by("officer") if consent else None}
        self.tried(
            self.model.withdraw(who, consent),
            lambda: submission.withdraw(self.case, **told, by=self._by(who)),
        )

    def suspend(self, who: str) -> None:
        told = {"ground": "litigation", "reason": "诉讼", "by": self._by(who)}
        self.tried(self.model.suspend(who), lambda: suspension.suspend(self.case, **told))

    def resume(self, who: str) -> None:
        self.tried(
            self.model.resume(who), lambda: suspension.resume(self.case, by=self._by(who))
        )

    def terminate(self, who: str) -> None:
        told = {"reason": "单位注销", "by": self._by(who)}
        self.tried(self.model.terminate(who), lambda: suspension.terminate(self.case, **told))

    def extend(self, who: str) -> None:
        told = {"reason": "案情复杂", "by": self._by(who)}
        self.tried(self.model.extend(who), lambda: suspension.extend(self.case, **told))


def world(course: Course) -> World:
    """``course``, a complete draft, with everybody called by name, and one who may do anything."""
    cast = course.cast
    hat = cast.auditor
    for role in (
        "window", "district_reviewer", "case_officer", "leader", "issuer", "seal_keeper",
        "checker", "member",
    ):  # fmt: skip
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
    return World(replace(course), people)
