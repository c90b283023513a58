"""What is done for a whole group: put in order, equals told apart, countersigned, offers answered.

It happens once every application of the group waits for it and the call has closed, and again
whenever the group has changed since.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from workflows import demo
from workflows.models import Ranking, Standing
from workflows.recording.acts import deciding
from workflows.recording.driver import Drive
from workflows.stages import ranking, standings
from workflows.stages.standings import Group, Status


@dataclass
class Cohort:
    """One group of a call, and the applications of the recording that stand in it."""

    group: Group
    drives: dict[int, Drive] = field(default_factory=dict)  # by their cases
    order: Sequence[str] = ()  # recorded applications, as the conference puts equals in order
    held: dict[int, object] = field(default_factory=dict)  # who waits, and since how it stands

    @cached_property
    def cast(self) -> demo.Cast:
        """Whoever acts for the group."""
        return next(iter(self.drives.values())).cast

    def lets(self, who: int, asked: Callable[[], bool]) -> bool:
        """Whether ``who`` may go on; somebody held is asked again once a case has moved."""
        stands = sorted((pk, drive.version) for pk, drive in self.drives.items())
        if self.held.get(who) == stands:
            return False
        if asked():
            return True
        self.held[who] = stands
        return False

    def due(self) -> bool:
        """Whether the group must be put in order now, for the first time or again."""
        if self.group.unready.exists():
            return False
        newest = self.group.newest
        return self.group.waiting.exists() if newest is None else standings.stale(newest)

    def act(self) -> None:
        """The officer puts the group in order, for the first time or again; all of it is settled.

        Until nothing is open: equals at the cut are told apart by the conference, the ranking is
        countersigned, and offers of a smaller amount are answered.
        """
        made = self._rank()
        while True:
            if tied := list(self._open(made, Status.TIED)):
                made = self._tell_apart(made, tied)
                continue
            self._countersign(made)
            if (offered := self._open(made, Status.OFFERED).first()) is None:
                return
            made = self._answer(offered)

    def _open(self, made: Ranking, status: Status) -> QuerySet[Standing]:
        return standings.undecided(made).filter(status=status).order_by("place", "case")

    def _rank(self) -> Ranking:
        whole = {"procedure_key": self.group.procedure_key, "group": self.group.code}
        if self.group.newest is None:
            return ranking.rank(self.group.round, **whole, by=self.cast.officer)
        reason = "有关数据或者名单发生变化，全组重新计算。"
        return ranking.rerank(self.group.round, **whole, reason=reason, by=self.cast.officer)

    def _tell_apart(self, made: Ranking, tied: Sequence[Standing]) -> Ranking:
        """The conference orders equals as recorded, the others as they were filed."""
        recorded = {name: place for place, name in enumerate(self.order)}

        def turn(standing: Standing) -> tuple[int, str]:
            drive = self.drives.get(standing.case_id)
            name = drive.application.id if drive else ""
            return recorded.get(name, len(recorded)), standing.case.reference

        order = [each.case.reference for each in sorted(tied, key=turn)]
        meeting = deciding.convene(self.cast)
        deciding.close(self.cast, meeting)
        return ranking.break_tie(made, order=order, meeting=meeting.number, by=self.cast.officer)

    def _countersign(self, made: Ranking) -> None:
        role = ranking.countersigner(self.group)
        ranking.approve(made, by={"finance": self.cast.finance}.get(role, self.cast.leader))
        made.refresh_from_db(fields=["approved", "approved_by"])

    def _answer(self, standing: Standing) -> Ranking:
        """The applicant takes the smaller amount, unless the timeline declines it."""
        drive = self.drives.get(standing.case_id)
        declined = [each for each in drive.ahead if each.event == "decline_offer"] if drive else []
        if drive is not None and declined:
            drive.ahead.remove(declined[0])
        signer = demo.signer(standing.case.applicant)
        return ranking.answer_offer(standing, accepted=not declined, by=signer)
