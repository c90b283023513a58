"""The lifecycle machine: anybody tries anything at any moment, and the house stays lawful.

Every act is tried on the model and on the product. They must agree on whether it may happen and on
where the case stands afterwards; the product refuses with a sentence of its own or not at all; and
after every act the books balance and the chain verifies.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.conftest import MONDAY
from tests.stages.acting import Acting
from tests.stages.model import CLOSED, Model
from tests.stages.seating import CHECKERS, DEPARTMENTS, HAT, MEMBERS, OFFICES
from workflows import audit, clock, jobs
from workflows.audit import books
from workflows.errors import CaseError
from workflows.models import Correction, Job, Task
from workflows.stages import deadlines, position, publication

SECOND = timedelta(seconds=1)
EVERYONE = (*OFFICES, "clerk", "signer")
MAY_CHECK = (*CHECKERS, HAT)
Given = dict[str, Any]


def every(**choices: Any) -> list[Given]:
    """Every way to choose one of each of ``choices``."""
    return [dict(zip(choices, chosen, strict=True)) for chosen in product(*choices.values())]


VERDICTS, SEATS = ("pass", "fail"), range(4)
ACTS: dict[str, list[Given]] = {  # every act, and what it needs beside a person
    **dict.fromkeys(
        (
            "submit", "accept", "return_once", "refuse_acceptance", "extend_correction",
            "resubmit", "recommend", "endorse", "close_meeting", "publish", "object", "sign",
            "seal", "hold", "suspend", "resume", "terminate", "extend", "withdraw",
            "ask_withdrawal", "consent_to_withdrawal", "refuse_withdrawal", "defend",
        ),
        every(),
    ),
    "opinion": every(department=DEPARTMENTS, verdict=("no_objection", "objection")),
    "conclude": every(verdict=("evaluate", "back", "stop")),
    "form_panel": every(experts=list(product(MAY_CHECK, repeat=2))),
    "declare": every(number=SEATS),
    "recuse": every(number=SEATS),
    "check": every(number=SEATS, verdict=VERDICTS),
    "void_seat": every(number=SEATS),
    "substitute": every(expert=(*MAY_CHECK, "officer")),
    "propose": every(grants=(True, False)),
    "table": every(written=(True, False)),
    "attend": every(members=((*MEMBERS, HAT), MEMBERS[:5], (HAT,))),
    "vote": every(choice=("agree", "disagree", "abstain", "recused")),
    "resolve": every(result=("", "deferred", "sent_back")),
    "answer": every(effect=("", "remove", "evaluate")),
    "answer_defence": every(convinced=(True, False)),
}  # fmt: skip
ENDING = ["refuse_acceptance", "withdraw", "consent_to_withdrawal", "terminate"]
OUTSIDE = ["suspend", "resume", "extend"]
COURSE = [verb for verb in ACTS if verb not in (*ENDING, *OUTSIDE)]
ORDINARY = {  # who does what when a case waits at a node
    "acceptance": ("accept", "window", {}),
    "correction": ("resubmit", "signer", {}),
    "district_review": ("recommend", "district", {}),
    "department_review": ("conclude", "officer", {"verdict": "evaluate"}),
    "panel": ("form_panel", "officer", {"experts": CHECKERS[:2]}),
    "proposal": ("propose", "officer", {"grants": True}),
    "endorsement": ("endorse", "leader", {}),
    "tabling": ("table", "officer", {"written": False}),
    "publication": ("publish", "officer", {}),
    "objection": ("answer", "officer", {"effect": ""}),
    "signing": ("sign", "issuer", {}),
    "sealing": ("seal", "seal", {}),
}


class Lifecycle(RuleBasedStateMachine):
    """One example: one case from its draft to wherever chance and the law take it."""

    def __init__(self, acting: Acting) -> None:
        """Begin with the draft, inside a transaction that will never have been."""
        super().__init__()
        self.acting, self.course = replace(acting), acting.course
        self.course.clock.move_to(MONDAY)
        self.model = Model(now=MONDAY)
        self.transaction = transaction.atomic()
        self.transaction.__enter__()

    def teardown(self) -> None:
        """Undo everything."""
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # --- what happens ---------------------------------------------------------------------------
    @initialize(acts=st.integers(0, 15))
    def an_ordinary_course(self, acts: int) -> None:
        """Everybody does their part for a while."""
        for _ in range(acts):
            self.goes_on()

    @rule()
    def everybody_does_their_part(self) -> None:
        """The case goes on as on an ordinary day."""
        self.goes_on()

    @rule(data=st.data(), acts=st.integers(1, 4))
    def somebody_does_what_the_law_allows(self, data: st.DataObject, acts: int) -> None:
        """Acts of anyone entitled to them now, whether they would on an ordinary day or not."""
        for _ in range(acts):
            self._something(data, COURSE)

    @rule(data=st.data())
    def the_head_of_the_office_steps_in(self, data: st.DataObject) -> None:
        """The case is stopped, let go on, or given more time."""
        self._something(data, OUTSIDE)

    @rule(data=st.data(), patience=st.integers(0, 5))
    def somebody_has_had_enough(self, data: st.DataObject, patience: int) -> None:
        """Now and then the case is ended."""
        if patience == 1:
            self._something(data, ENDING)

    @rule(verb=st.sampled_from(list(ACTS)), who=st.sampled_from(EVERYONE), data=st.data())
    def anybody_tries_anything(self, verb: str, who: str, data: st.DataObject) -> None:
        """Somebody tries something, entitled or not, in time or not."""
        self.tries(verb, who, data.draw(st.sampled_from(ACTS[verb])))

    @rule(days=st.sampled_from([0, 1, 3, 40]))
    def time_passes(self, days: int) -> None:
        """Days go by, and the workers do what falls due."""
        self.wait(self.model.now + timedelta(days=days))

    @rule()
    def the_last_day_passes(self) -> None:
        """Whatever runs out next runs out."""
        if self.model.deadline is not None:
            self.wait(max(self.model.now, self.model.deadline + SECOND))

    @rule()
    def x24_the_applicants_last_day_is_over(self) -> None:
        """What comes now is late, though nothing is closed yet."""
        if self.model.last is not None:
            self.wait(max(self.model.now, self.model.last + SECOND))

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
        told = (*books.imbalances(), *audit.verify(chain), *position.strays())
        assert [str(each) for each in told] == []

    # --- trying ---------------------------------------------------------------------------------
    def tries(self, verb: str, who: str, given: Given) -> None:
        """Let ``who`` try an act; it happens or is refused as the model says it may."""
        if not self.model.knows(verb, given):
            return
        may = getattr(self.model, verb)(who, **given)
        refusal = self._refusal(verb, who, given)
        assert (refusal is None) == may, f"{verb} by {who}: the model says {may}, not {refusal!r}"
        assert refusal is None or refusal.status in {403, 409, 422}
        self._read_off()

    def _refusal(self, verb: str, who: str, given: Given) -> CaseError | None:
        """How the house refuses; None if it lets it happen."""
        try:
            getattr(self.acting, verb)(who, **given)
        except CaseError as refusal:
            return refusal
        return None

    def wait(self, moment: datetime) -> None:
        """It is ``moment``, and everything due has been done."""
        self.course.clock.move_to(moment)
        self.model.wait(moment)
        jobs.run_due()
        self._read_off()

    def _read_off(self) -> None:
        asked = self._asked()
        self.model.last = clock.end_of(asked[1]) if asked else None
        self.model.deadline = self._closing(*asked) if asked else self._deadline()

    def _asked(self) -> tuple[dict[str, Any], date] | None:
        """The timer of what the applicant is asked, and the last day."""
        case = self.course.drive.case
        if self.model.state == "returned":
            return {"verb": "abandon"}, Correction.objects.get(case=case).due
        if self.model.state == "signing" and self.model.defence == "open":
            told = case.defences.get(closed=None, recalled=None)
            return {"verb": "lapse_defence", "number": told.number}, told.due
        return None

    def _closing(self, timer: dict[str, Any], due: date) -> datetime:
        """When the first timer that may close it will ring."""
        rings = Job.objects.filter(case=self.course.drive.case, state=Job.State.READY)
        first = rings.filter(kind="timer", payload=timer).earliest("not_before").not_before
        return max(first, deadlines.closing(due))

    def _deadline(self) -> datetime | None:
        case, day, state = self.course.drive.case, None, self.model.state
        listed = self.model._stands() in ("notice", "objection")
        if listed and self.model.step != "publication":
            day = publication.running_entry(case).notice.closes
        elif state in ("submitted", "countersign"):
            day = Task.objects.filter(case=case, finished=None).earliest("due").due
        return clock.end_of(day) if day else None

    def _something(self, data: st.DataObject, verbs: list[str]) -> None:
        possible = {verb: found for verb in verbs if (found := list(self._ways(verb)))}
        if possible:
            verb = data.draw(st.sampled_from(sorted(possible)))
            self.tries(verb, *data.draw(st.sampled_from(possible[verb])))

    def _ways(self, verb: str) -> Iterator[tuple[str, Given]]:
        """Who may do ``verb`` at this moment, and with what, as the model has it."""
        for given, who in product(ACTS[verb], EVERYONE):
            if self.model.may(verb, who, given):
                yield who, given

    # --- on an ordinary day ---------------------------------------------------------------------
    def goes_on(self) -> None:
        """Whoever the case waits for does what they do on an ordinary day."""
        if self.model.state == "draft":
            self.tries("submit", "signer", {})
        elif self.model.state == "suspended":
            self.tries("resume", "leader", {})
        elif self.model.state not in CLOSED:
            self._node(min(self.model.nodes()))

    def _node(self, node: str) -> None:
        if self.model.state == "signing" and self.model.defence == "open":
            self.the_last_day_passes()
        elif self.model.state == "signing" and self.model.defence:
            self.tries("answer_defence", "officer", {"convinced": False})
        elif node in ORDINARY:
            verb, who, given = ORDINARY[node]
            self.tries(verb, who, given)
        elif node == "opinion":
            for code in sorted(self.model.asked):
                given = {"department": code, "verdict": "no_objection"}
                self.tries("opinion", f"department.{code}", given)
        elif node == "sheet":
            self._check()
        elif node in ("ballot", "resolution"):
            self._vote()
        else:
            self.the_last_day_passes() if node == "notice" else self.wait(self.model.now)

    def _check(self) -> None:
        if any(vacant for _, vacant in self.model.sheets):
            seated = [seat.expert for seat in self.model.seats]
            spare = next((each for each in MAY_CHECK if each not in seated), HAT)
            self.tries("substitute", "officer", {"expert": spare})
        for number, seat in enumerate(self.model.seats):
            if self.model.state == "evaluating" and not (seat.void or seat.verdict):
                self.tries("declare", seat.expert, {"number": number})
                self.tries("check", seat.expert, {"number": number, "verdict": "pass"})

    def _vote(self) -> None:
        self.tries("attend", "convenor", {"members": MEMBERS})
        for member in MEMBERS:
            self.tries("vote", member, {"choice": "agree"})
        self.tries("resolve", "convenor", {"result": ""})
