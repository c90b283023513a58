"""The lifecycle of a pool entry once more, in plain Python: what the product is compared with.

It knows no database, no flow and no verb of the stages. Every act takes who does it, says whether
the house may let it happen, and only then changes what is so.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from tests.stages.seating import DEPARTMENTS, HAT, MEMBERS, OFFICES, SILENT, Seating

UNDECIDED = {
    "submitted", "returned", "accepted", "reviewing", "countersign", "evaluating", "proposal",
    "meeting", "notice", "objection",
}  # fmt: skip
LATE = timedelta(hours=2)  # a timer that rings later takes nothing from an applicant yet (X24)
CLOSED = {
    "granted", "refused", "not_accepted", "withdrawn", "abandoned", "terminated",
}  # fmt: skip
PAUSABLE = (UNDECIDED | {"signing"}) - {"submitted", "returned"}
WAITING = {
    "submitted": "acceptance", "returned": "correction", "accepted": "district_review",
    "countersign": "opinion", "reviewing": "department_review", "objection": "objection",
}  # fmt: skip


@dataclass
class Sitting:
    """A meeting the case is tabled at."""

    written: bool
    present: set[str] = field(default_factory=set)
    ballots: dict[str, str] = field(default_factory=dict)
    closed: bool = False


@dataclass
class Model(Seating):
    """One case and what is true of it."""

    former: str = ""
    corrected: bool = False
    lengthened: bool = False
    accepted: bool = False
    extended: bool = False
    deferred: bool = False
    listed: bool = False
    against: bool = False  # the review was stopped, or a department objects
    grants: bool = False
    proposer: str = ""
    now: datetime | None = None
    deadline: datetime | None = None  # of whatever waits for a timer; read off the product
    last: datetime | None = None  # until when the applicant's answer is in time; likewise
    asked: set[str] = field(default_factory=set)
    sitting: Sitting | None = None
    objections: int = 0
    withdrawal: bool = False
    defence: str = ""  # of an intended refusal: "open", "stated"

    # --- what is asked of it ----------------------------------------------------------------
    def may(self, verb: str, who: str, given: dict[str, Any]) -> bool:
        """Whether ``who`` may do ``verb`` now; nothing happens."""
        sitting = self.sitting and replace(
            self.sitting, present=set(self.sitting.present), ballots=dict(self.sitting.ballots)
        )
        twin = replace(
            self,
            seats=[replace(seat) for seat in self.seats],
            sheets=list(self.sheets),
            duties=set(self.duties),
            asked=set(self.asked),
            sitting=sitting,
        )
        return self.knows(verb, given) and getattr(twin, verb)(who, **given)

    def knows(self, verb: str, given: dict[str, Any]) -> bool:
        """Whether there is such a seat, a meeting, an entry, an objection to act upon at all."""
        if "number" in given:
            return given["number"] < len(self.seats)
        if verb in ("attend", "vote", "resolve", "close_meeting"):
            return self.sitting is not None
        return {"object": self.listed, "answer": self.objections > 0}.get(verb, True)

    def nodes(self) -> set[str]:
        """The nodes of the flow with an open task."""
        state = self.former if self.state == "suspended" else self.state
        if state in CLOSED or state == "draft":
            return set()
        if state == "meeting":
            return {"ballot", "resolution"} if self._voteless() else {"resolution"}
        if state == "evaluating":
            return {"sheet"} if self.seats else {"panel"}
        if state == "objection" and self.state == "suspended" and self.step == "notice":
            return {"notice"}  # objected to while suspended: held once the case goes on
        return {WAITING.get(state, self.step)}

    def _voteless(self) -> set[str]:
        return {*MEMBERS, HAT} - self.sitting.ballots.keys()

    # --- at the window ----------------------------------------------------------------------
    def submit(self, who: str) -> bool:
        return self._go(self.state == "draft" and who == "signer", "submitted")

    def discard(self, who: str) -> bool:
        return self._go(self.state == "draft" and who in ("clerk", "signer"), "withdrawn")

    def accept(self, who: str) -> bool:
        free = "window" in OFFICES.get(who, ()) and self._may(who, "accept")
        return self._accept(self.state == "submitted" and free, who)

    def _accept(self, may: bool, who: str) -> bool:
        if self._go(may, "accepted"):
            self.accepted = True
            self.duties.add((who, "accept"))
        return may

    def return_once(self, who: str) -> bool:
        free = "window" in OFFICES.get(who, ()) and not self.corrected
        done = self._go(self.state == "submitted" and free, "returned")
        self.corrected |= done
        return done

    def refuse_acceptance(self, who: str) -> bool:
        free = "window" in OFFICES.get(who, ()) and self._may(who, "accept")
        return self._go(self.state == "submitted" and free, "not_accepted")

    def extend_correction(self, who: str) -> bool:
        free = "window" in OFFICES.get(who, ()) and not self.lengthened
        may = self.state == "returned" and free and self._in_time()
        self.lengthened |= may
        return may

    def resubmit(self, who: str) -> bool:
        at = self.state == "returned" and self._in_time()
        return self._go(at and who == "signer", "submitted")

    def _in_time(self) -> bool:
        return self.now <= self.last

    # --- review -----------------------------------------------------------------------------
    def recommend(self, who: str) -> bool:
        may = self.state == "accepted" and "district" in OFFICES.get(who, ())
        if self._go(may, "countersign"):
            self.asked, self.against = set(DEPARTMENTS), False
        return may

    def opinion(self, who: str, department: str, verdict: str) -> bool:
        own = f"department.{department}" in OFFICES.get(who, ())
        may = self.state == "countersign" and department in self.asked and own
        if may:
            self.against |= verdict == "objection"
            self._answered({department})
        return may

    def _answered(self, departments: set[str]) -> None:
        self.asked -= departments
        self._go(not self.asked, "reviewing")

    def conclude(self, who: str, verdict: str) -> bool:
        may = self.state == "reviewing" and "officer" in OFFICES.get(who, ())
        if may and verdict == "evaluate":
            self._evaluate()
        elif may:
            self.against |= verdict == "stop"
            self._go(may, *{"back": ("accepted",), "stop": ("proposal", "proposal")}[verdict])
        return may

    # --- the decision -----------------------------------------------------------------------
    def propose(self, who: str, grants: bool) -> bool:
        at = self.state == "proposal" and self.step == "proposal" and not (grants and self.against)
        may = self._go(at and "officer" in OFFICES.get(who, ()), "proposal", "endorsement")
        if may:
            self.grants, self.proposer = grants, who
        return may

    def endorse(self, who: str) -> bool:
        at = self.state == "proposal" and self.step == "endorsement" and who != self.proposer
        free = "leader" in OFFICES.get(who, ()) and self._may(who, "approve")
        if self._go(at and free, "proposal", "tabling"):
            self.duties.add((who, "approve"))
        return at and free

    def table(self, who: str, written: bool) -> bool:
        at = self.state == "proposal" and self.step == "tabling"
        may = self._go(at and "officer" in OFFICES.get(who, ()), "meeting")
        if may:
            present = {*MEMBERS, HAT} if written else set()
            self.sitting = Sitting(written, present)
        return may

    def attend(self, who: str, members: tuple[str, ...]) -> bool:
        may = not self.sitting.closed and who in ("convenor", "officer", HAT)
        if may:
            self.sitting.present |= set(members)
        return may

    def vote(self, who: str, choice: str) -> bool:
        may = (
            self.state == "meeting"
            and not self.sitting.closed
            and who in self.sitting.present - self.sitting.ballots.keys()
            and (choice == "recused" or self._may(who, "approve"))
        )
        if may:
            self.sitting.ballots[who] = choice
            self.duties |= {(who, "approve")} if choice != "recused" else set()
        return may

    def resolve(self, who: str, result: str) -> bool:
        at = self.state == "meeting" and not self.sitting.closed and who == "convenor"
        if result:
            may = at and not (result == "deferred" and self.deferred)
            if self._go(may, "proposal", "proposal"):
                self.deferred |= result == "deferred"
        else:
            may = at and self.sitting.present <= self.sitting.ballots.keys() and self._quorate()
            if may:
                self._decide()
        if may:
            self.duties.add((who, "approve"))
        return may

    def _base(self) -> int:
        return len(MEMBERS) + 1 - self._count("recused")

    def _count(self, choice: str) -> int:
        return list(self.sitting.ballots.values()).count(choice)

    def _quorate(self) -> bool:
        seated = len(self.sitting.present) - self._count("recused")
        return self._base() > 0 and seated >= ceil(self._base() * 2 / 3)

    def _decide(self) -> None:
        passed = self._count("agree") >= ceil(self._base() * 2 / 3)
        if passed and self.grants:
            self._go(True, "notice", "publication")
        elif passed or self.grants:
            self._go(True, "signing", "signing")
            self.grants, self.defence = False, "open"
        else:
            self._go(True, "proposal", "proposal")

    def close_meeting(self, who: str) -> bool:
        may = not self.sitting.closed and self.state != "meeting" and who == "convenor"
        self.sitting.closed |= may
        return may

    # --- the notice -------------------------------------------------------------------------
    def publish(self, who: str) -> bool:
        at = self.state == "notice" and self.step == "publication"
        may = self._go(at and "officer" in OFFICES.get(who, ()), "notice", "notice")
        self.listed |= may
        return may

    def object(self, who: str) -> bool:
        stands = self._stands()
        at = stands == "objection" or (stands == "notice" and self.step == "notice")
        may = at and self.now <= self.deadline
        self.objections += may
        if may and self.state == "suspended":
            self.former = "objection"
        else:
            self._go(may, "objection")
        return may

    def answer(self, who: str, effect: str) -> bool:
        may = self.state == "objection" and "officer" in OFFICES.get(who, ())
        if not may:
            return False
        self.objections -= 1
        if effect == "evaluate":
            self._evaluate()
        elif effect == "remove":
            self._go(True, "proposal", "proposal")
        elif not self.objections:
            late = self.now > self.deadline
            self._go(True, *(("signing", "signing") if late else ("notice", "notice")))
        if effect:
            self.objections = 0
        return True

    # --- the seal ---------------------------------------------------------------------------
    def defend(self, who: str) -> bool:
        at = self.state == "signing" and self.defence == "open"
        may = at and who == "signer" and self._in_time()
        if may:
            self.defence = "stated"
        return may

    def answer_defence(self, who: str, convinced: bool) -> bool:
        may = self.state == "signing" and self.defence == "stated"
        may = may and "officer" in OFFICES.get(who, ())
        if may:
            self.defence = ""
        self._go(may and convinced, "proposal", "proposal")
        return may

    def sign(self, who: str) -> bool:
        at = self.state == "signing" and self.step == "signing" and not self.defence
        free = "issuer" in OFFICES.get(who, ()) and self._may(who, "sign")
        if self._go(at and free, "signing", "sealing"):
            self.duties.add((who, "sign"))
        return at and free

    def seal(self, who: str) -> bool:
        at = self.state == "signing" and self.step == "sealing"
        free = "seal" in OFFICES.get(who, ()) and self._may(who, "seal")
        return self._go(at and free, "signing", "issuing")

    def hold(self, who: str) -> bool:
        at = self.state == "signing" and self.step in ("signing", "sealing")
        free = bool({"issuer", "seal"} & set(OFFICES.get(who, ())))
        if at and free:
            self.defence = ""
        return self._go(at and free, "proposal", "proposal")

    # --- outside the ordinary course --------------------------------------------------------
    def withdraw(self, who: str) -> bool:
        free = self._stands() in UNDECIDED - {"notice", "objection"}
        return self._go(free and who == "signer", "withdrawn")

    def ask_withdrawal(self, who: str) -> bool:
        told = self._stands() in ("notice", "objection")
        may = told and who == "signer" and not self.withdrawal
        self.withdrawal |= may
        return may

    def consent_to_withdrawal(self, who: str) -> bool:
        may = self._answers_withdrawal(who) and self._stands() in UNDECIDED
        return self._go(may, "withdrawn")

    def refuse_withdrawal(self, who: str) -> bool:
        may = self._answers_withdrawal(who) and self.state not in CLOSED
        self.withdrawal &= not may
        return may

    def _answers_withdrawal(self, who: str) -> bool:
        return self.withdrawal and bool({"officer", "leader"} & set(OFFICES.get(who, ())))

    def _stands(self) -> str:
        return self.former if self.state == "suspended" else self.state

    def suspend(self, who: str) -> bool:
        may = self.state in PAUSABLE and self.step != "issuing" and "leader" in OFFICES.get(who, ())
        if may:
            self.former, self.state = self.state, "suspended"
        return may

    def resume(self, who: str) -> bool:
        may = self.state == "suspended" and "leader" in OFFICES.get(who, ())
        if may:
            self.state, self.former = self.former, ""
            self._go(self.state == "objection", "objection")
            if self.state == "meeting" and self.sitting.closed:
                self._go(True, "proposal", "proposal")
        return may

    def terminate(self, who: str) -> bool:
        stands = self.former if self.state == "suspended" else self.state
        may = stands in UNDECIDED | {"signing"} and self.step != "issuing"
        return self._go(may and "leader" in OFFICES.get(who, ()), "terminated")

    def extend(self, who: str) -> bool:
        may = self.accepted and not self.extended and self.state not in CLOSED
        may = may and "leader" in OFFICES.get(who, ())
        self.extended |= may
        return may

    # --- time -------------------------------------------------------------------------------
    def wait(self, moment: datetime) -> None:
        """It is ``moment``; timers and workers have done whatever fell due."""
        self.now = moment
        asked = self.state == "returned" or self.defence == "open"
        late = timedelta() if self.deadline is None else moment - self.deadline
        if late > timedelta() and not (asked and late > LATE):
            self._overdue()
        if self.step == "issuing" and self.state == "signing":
            self._go(True, "granted" if self.grants else "refused")

    def _overdue(self) -> None:
        if self.state == "submitted":
            self._accept(True, "nobody")
        elif self.state == "returned":
            self._go(True, "abandoned")
        elif self.state == "countersign":
            self._answered(self.asked & SILENT)
        elif self.state == "notice" and self.step == "notice":
            self._go(True, "signing", "signing")
        elif self.state == "signing":
            self.defence = ""
