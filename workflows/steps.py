"""The vocabulary that flows are written in.

The nodes are viewflow's, kept lean: a waiting step is one row that is the inbox row as well,
a gate leaves no row, and a join asks the case's facts instead of its predecessors
(decision 0003; engine notes 5.2).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes import mixins
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.nodes.split import SplitActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.switch import SwitchActivation
from viewflow.workflow.status import PROCESS, STATUS
from viewflow.workflow.token import Token

from workflows import clock
from workflows.models import Case, Process, Task, rows
from workflows.stages import deadlines, law

__all__ = [
    "CaseFlow", "by_fact", "by_state", "each", "end", "join", "join_when",
    "start", "step", "this", "wait",
]  # fmt: skip


@contextmanager
def lock(flow_class: type[flow.Flow], process_pk: int) -> Iterator[None]:
    """Hold the row lock of the case a process belongs to (SQLite: the IMMEDIATE write lock)."""
    with transaction.atomic():
        Case.objects.select_for_update(of=("self",)).get(processes=process_pk)
        yield


class CaseFlow(flow.Flow):
    """A procedure; the docstring of a subclass is its title."""

    process_class = Process
    task_class = Task
    lock_impl = lock

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let every flow have its own title: viewflow would pass this class's on."""
        cls.process_title = ""
        super().__init_subclass__(**kwargs)


def _row(node: Any, process: Process, token: Any, unit: str = "") -> Task:
    """An unsaved task row of ``node``, with everything an inbox shows."""
    case = process.case
    return Task(
        process=process,
        case=case,
        flow_task=node,
        flow_task_type=node.task_type,
        token=token,
        node=node.name,
        unit=unit,
        reference=case.reference,
        programme_key=case.programme_key,
        applicant=case.applicant.name,
        round=case.evaluation_round,
        paused=case.stands_still,
    )


class Itself:
    """An activation that is equal to itself alone: viewflow hashes rows, which may have no key."""

    def __hash__(self) -> int:
        """By identity."""
        return id(self)

    def __eq__(self, other: object) -> bool:
        """Only itself."""
        return self is other


class Rowless(Itself):
    """Creates an activation whose task is never written."""

    @classmethod
    def create(
        cls, node: Any, previous: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> Any:
        """Stand on ``node`` for a moment; nothing is stored."""
        return cls(_row(node, previous.process, token))  # type: ignore[call-arg]


# --- start and end ------------------------------------------------------------------------------
class OpenActivation(StartHandleActivation):
    """Starts a process for one case."""

    @classmethod
    def create(
        cls, node: Any, previous: Any, token: Any, data: Any = None, seed: Any = None
    ) -> Any:
        """Prepare the process of ``data``, a case."""
        process = Process(flow_class=node.flow_class, case=data, created=clock.now())
        return cls(_row(node, process, Token("start")))

    @Activation.status.super()
    def execute(self) -> None:
        """Store the process and go on; the verb holds the case's lock already."""
        self.process.save(force_insert=True)
        self.complete()
        self.activate_next()

    @Activation.status.super()
    def complete(self) -> None:
        """The start leaves no row."""


class Start(flow.StartHandle):
    """Where a flow begins."""

    activation_class = OpenActivation

    def run(self, case: Case) -> None:
        """Begin this flow for ``case``."""
        self.activation_class.create(self, None, None, data=case).execute()


class CloseActivation(Rowless, EndActivation):
    """Ends the process."""

    @Activation.status.super()
    def activate(self) -> None:
        """Mark the process finished; open branches do not outlive the end."""
        moment = clock.now()
        Process.objects.filter(pk=self.process.pk).update(status=PROCESS.DONE, finished=moment)

    @Activation.status.super()
    def complete(self) -> None:
        """The end leaves no row."""


class End(flow.End):
    """Where a flow ends."""

    activation_class = CloseActivation


# --- waiting steps ------------------------------------------------------------------------------
class StepActivation(Itself, mixins.NextNodeActivationMixin, Activation):
    """A task that waits for a stage verb."""

    @classmethod
    def create(
        cls, node: Any, previous: Activation, token: Any, data: Any = None, seed: Any = None
    ) -> Any:
        """Write the task's one row."""
        task = node.task_for(previous.process, token)
        law.open_task(task)
        return cls(task)

    @Activation.status.super()
    def activate(self) -> None:
        """Wait."""

    @Activation.status.transition(source=STATUS.STARTED, target=STATUS.DONE)
    def complete(self) -> None:
        """Leave the row alone: ``law.release`` has finished it, if it was still open."""


class Step(flow.Handle):
    """A step that a stage verb finishes."""

    activation_class = StepActivation
    task_type = "HUMAN"
    bpmn_element = "userTask"

    def __init__(
        self,
        candidate: Callable[[Case, str], str] | str = "",
        *,
        owner: Callable[[Case, str], int] | None = None,
        limit: str = "",
    ) -> None:
        """See ``step``."""
        super().__init__()
        self._candidate = candidate
        self.owner_of = owner
        self.limit = limit

    def candidate_of(self, case: Case, unit: str) -> str:
        """The group that may take it; empty where nobody's inbox shows it as unclaimed."""
        return self._candidate(case, unit) if callable(self._candidate) else self._candidate

    def task_for(self, process: Process, token: Any, unit: str = "") -> Task:
        """The unsaved row: who may take it, whose it is, until when."""
        case = process.case
        task = _row(self, process, token, unit)
        task.candidate = self.candidate_of(case, unit)
        if self.owner_of is not None:
            task.owner_id = self.owner_of(case, unit)
            task.status = STATUS.ASSIGNED
        if self.limit:
            task.due = deadlines.due(case, self.limit).day
        return task

    def go_on(self, process: Process, unit: str) -> None:
        """Open what follows, now that the row of this step is finished."""
        task = _row(self, process, Token("start"), unit)
        task.status = STATUS.STARTED
        activation = self.activation_class(task)
        activation.complete()
        activation.activate_next()

    def open_for(self, process: Process, units: Iterable[str]) -> None:
        """Write further parallel rows of this step."""
        token = Token(f"start/{self.name}_more")
        rows.insert(*(self.task_for(process, token, unit) for unit in units))


# --- gates --------------------------------------------------------------------------------------
class FactSwitchActivation(Rowless, SwitchActivation):
    """Chooses what follows by a fact of the case."""

    @Activation.status.super()
    def activate(self) -> None:
        """Ask the case; an answer the flow does not know is an error of the flow."""
        self.next_task = self.flow_task.targets[self.flow_task.question(self.process.case)]

    @Activation.status.super()
    def complete(self) -> None:
        """A gate leaves no row."""


class FactSwitch(flow.Switch):
    """A switch on a fact of the case; the law decides, the flow follows."""

    activation_class = FactSwitchActivation

    def __init__(self, question: Callable[[Case], str], targets: dict[str, Any]) -> None:
        """See ``by_fact``."""
        super().__init__()
        self.question, self.targets = question, targets
        for answer, target in targets.items():
            self.Case(target, lambda act, answer=answer: question(act.process.case) == answer)

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.targets = {
            answer: this.resolve(instance, target) for answer, target in self.targets.items()
        }


class EachActivation(Rowless, SplitActivation):
    """Opens one branch a unit, all rows in one statement."""

    @Activation.status.super()
    def activate(self) -> None:
        """Nothing to prepare: the units are read when the branches are written."""

    @Activation.status.super()
    def complete(self) -> None:
        """A split leaves no row."""

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Write every branch's row and stand on all of them."""
        case, base = self.process.case, f"{self.task.token}/{self.flow_task.name}"
        tasks = [
            node.task_for(self.process, Token(f"{base}_{number}"), unit)
            for node, units in self.flow_task.branches
            for number, unit in enumerate(units(case), 1)
        ]
        if not tasks:
            raise ValueError(f"{self.flow_task.name} of {case} has no branch to open")
        rows.insert(*tasks)
        for task in tasks:
            yield task.flow_task.activation_class(task)


class Each(flow.Split):
    """A split over the units the case's facts name."""

    activation_class = EachActivation

    def __init__(self) -> None:
        """See ``each``."""
        super().__init__()
        self.branches: list[tuple[Any, Callable[[Case], Iterable[str]]]] = []

    def over(self, node: Any, units: Callable[[Case], Iterable[str]]) -> "Each":
        """Open ``node`` once for every unit."""
        self.branches.append((node, units))
        self.Next(node)
        return self

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self.branches = [(this.resolve(instance, node), units) for node, units in self.branches]


class LeftActivation(Rowless, JoinActivation):
    """Goes on once a fact of the case says that the branches have done their work."""

    @Activation.status.transition(source=STATUS.NEW, target=STATUS.STARTED)
    def activate(self) -> None:
        """Arrive."""

    @Activation.status.transition(
        source=STATUS.STARTED, target=STATUS.DONE, conditions=[this.has_left]
    )
    def complete(self) -> None:
        """Cancel the branches that are no longer needed."""
        Task.objects.filter(
            process=self.process, node__in=self.flow_task.joined, finished=None
        ).update(status=STATUS.CANCELED, finished=clock.now())

    def has_left(self) -> bool:
        """Whether the branches are no longer needed: the verb of the last one says so."""
        left: bool = self.flow_task.left(self.process.case)
        return left


class Left(flow.Join):
    """A join on a fact of the case, not on the arrival of every branch."""

    activation_class = LeftActivation

    def __init__(self, left: Callable[[Case], bool]) -> None:
        """See ``join`` and ``join_when``."""
        super().__init__()
        self.left = left

    @property
    def joined(self) -> list[str]:
        """Names of the nodes whose branches come together here."""
        return [edge.src.name for edge in self._incoming()]


# --- the words ----------------------------------------------------------------------------------
def start() -> Start:
    """Begin here when the applicant submits."""
    return Start()


def end() -> End:
    """The flow ends here."""
    return End()


def step(
    candidate: Callable[[Case, str], str] | str = "",
    *,
    owner: Callable[[Case, str], int] | None = None,
    limit: str = "",
) -> Step:
    """Wait for a person: a member of the ``candidate`` group, or the one ``owner``.

    ``limit`` names a time limit of the edition that sets the due day.
    """
    return Step(candidate, owner=owner, limit=limit)


def wait(limit: str = "") -> Step:
    """Wait for the system: a timer or a job; nobody's inbox shows it."""
    return Step(limit=limit)


def by_fact(question: Callable[[Case], str], **targets: Any) -> FactSwitch:
    """Go where the answer to ``question`` points."""
    return FactSwitch(question, targets)


def by_state(**targets: Any) -> FactSwitch:
    """Go where the legal state of the case points: ``by_state(returned=this.correction, ...)``."""
    return FactSwitch(lambda case: str(case.state), targets)


def each(node: Any, units: Callable[[Case], Iterable[str]]) -> Each:
    """Open ``node`` once for every unit, in parallel."""
    return Each().over(node, units)


def join(state: str) -> Left:
    """Go on once the case has left ``state``; branches still open are cancelled."""
    return Left(lambda case: case.state != state)


def join_when(left: Callable[[Case], bool]) -> Left:
    """Go on once ``left`` holds for the case; branches still open are cancelled."""
    return Left(left)
