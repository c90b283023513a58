"""Who does what on a case, and the seats of its reviewers, in plain Python; see ``model``."""

from dataclasses import dataclass, field

HAT = "hat"  # one person who holds every office of the house
CHECKERS = ("checker1", "checker2", "checker3")
MEMBERS = tuple(f"member{number}" for number in range(1, 8))
DEPARTMENTS = ("credit", "tax", "ecology", "emergency", "market", "hr")
SILENT = {"market", "hr"}
OFFICES = {
    "window": {"window"},
    "district": {"district"},
    "officer": {"officer"},
    "leader": {"leader"},
    "convenor": {"convenor"},
    "issuer": {"issuer"},
    "seal": {"seal"},
    **{checker: {"checker"} for checker in CHECKERS},
    **{f"department.{code}": {f"department.{code}"} for code in DEPARTMENTS},
    **{member: {"member"} for member in MEMBERS},
    HAT: {"window", "district", "officer", "leader", "issuer", "seal", "checker", "member"},
}
CONFLICTS = {
    "accept": {"evaluate", "approve"},
    "evaluate": {"accept", "approve"},
    "approve": {"accept", "evaluate"},
    "sign": {"accept", "evaluate", "seal"},
    "seal": {"sign"},
}


@dataclass
class Seat:
    """One reviewer's seat."""

    expert: str
    declared: bool = False
    verdict: str = ""
    void: bool = False


@dataclass
class Seating:
    """A case as far as its evaluation is concerned."""

    state: str = "draft"
    step: str = ""  # the node that waits, where the state leaves it open
    seats: list[Seat] = field(default_factory=list)
    sheets: list[tuple[str, bool]] = field(default_factory=list)  # open branches: expert, vacant
    duties: set[tuple[str, str]] = field(default_factory=set)

    def _go(self, may: bool, state: str, step: str = "") -> bool:
        if may:
            self.state, self.step = state, step
        return may

    def _may(self, who: str, duty: str) -> bool:
        """Whether ``who`` has exercised no duty that conflicts with ``duty``."""
        return not any((who, other) in self.duties for other in CONFLICTS[duty])

    def _evaluate(self) -> None:
        self.state, self.seats, self.sheets = "evaluating", [], []

    # --- the check --------------------------------------------------------------------------
    def form_panel(self, who: str, experts: tuple[str, ...]) -> bool:
        free = self.state == "evaluating" and not self.seats and "officer" in OFFICES.get(who, ())
        may = free and len(set(experts)) == 2 and all(self._checks(each) for each in experts)
        if may:
            self.seats = [Seat(each) for each in experts]
            self.sheets = [(each, False) for each in experts]
        return may

    @staticmethod
    def _checks(who: str) -> bool:
        return "checker" in OFFICES.get(who, ())

    def _own(self, number: int, who: str) -> bool:
        seat = self.seats[number]
        free = self.state == "evaluating" and not seat.void and not seat.verdict
        return free and seat.expert == who

    def declare(self, who: str, number: int) -> bool:
        may = self._own(number, who) and self._may(who, "evaluate")
        self.seats[number].declared |= may
        return may

    def recuse(self, who: str, number: int) -> bool:
        may = self._own(number, who)
        if may:
            self.seats[number].void = True
            self._vacate(self.seats[number])
        return may

    def check(self, who: str, number: int, verdict: str) -> bool:
        seat = self.seats[number]
        may = self._own(number, who) and self._may(who, "evaluate") and seat.declared
        if may:
            seat.verdict = verdict
            self.duties.add((who, "evaluate"))
            self.sheets.remove((who, False))
            if self._clear():
                self._close()
            elif not self.sheets:
                self._vacate(seat)
        return may

    def void_seat(self, who: str, number: int) -> bool:
        seat = self.seats[number]
        free = self.state in ("evaluating", "proposal") and "officer" in OFFICES.get(who, ())
        if not free or seat.void:
            return False
        seat.void = True
        clear = self._clear()
        if self.state == "proposal":
            self._go(True, "proposal" if clear else "evaluating", "proposal")
            self.sheets = [] if clear else [(seat.expert, True)]
            return True
        if clear:
            self._close()
        elif not seat.verdict or len(self._in_play()) < 2:
            self._vacate(seat)
        return True

    def substitute(self, who: str, expert: str) -> bool:
        empty = [sheet for sheet in self.sheets if sheet[1]]
        free = self.state == "evaluating" and "officer" in OFFICES.get(who, ()) and empty
        may = free and self._checks(expert) and expert not in {each.expert for each in self.seats}
        if may:
            self.seats.append(Seat(expert))
            self.sheets.append((expert, False))
            self.sheets.remove(empty[0])
        return bool(may)

    def _in_play(self) -> list[Seat]:
        return [seat for seat in self.seats if not seat.void]

    def _clear(self) -> bool:
        verdicts = [seat.verdict for seat in self._in_play()]
        even = verdicts.count("pass") == verdicts.count("fail")
        return len(verdicts) >= 2 and all(verdicts) and not even

    def _vacate(self, seat: Seat) -> None:
        """The seat's branch, where it stands or opened again, waits for somebody to be seated."""
        filled, vacant = (seat.expert, False), (seat.expert, True)
        if filled in self.sheets:
            self.sheets[self.sheets.index(filled)] = vacant
        elif vacant not in self.sheets:
            self.sheets.append(vacant)

    def _close(self) -> None:
        self.sheets = []
        self._go(True, "proposal", "proposal")
