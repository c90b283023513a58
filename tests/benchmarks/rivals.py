"""One human step of each rival: the floor under any engine, and stock viewflow."""

from collections.abc import Callable, Iterator

from django.db import transaction
from django.db.models import F
from django.test import RequestFactory
from viewflow.workflow.models import Task

from tests.benchmarks.flows import StockFlow
from tests.benchmarks.models import Matter, Trail
from workflows import clock
from workflows.models import User

Step = Callable[[], object]
STEPS = 10


def floor(user: User) -> Iterator[Step]:
    """UPDATE the matter and INSERT one entry of its trail: two statements, nothing else."""
    matter = Matter.objects.create()
    for number in range(STEPS):

        def step(number: int = number) -> None:
            with transaction.atomic():
                _write(matter, number, user)

        yield step


def stock(user: User) -> Iterator[Step]:
    """Put the same two statements into a step of viewflow's own flow.

    The task is taken and then executed, in the order of viewflow's own views: its engine executes
    assigned tasks only.
    """
    matter = Matter.objects.create()
    process = StockFlow.start.run(matter=matter)
    request = RequestFactory().post("/")
    request.user = user
    for number in range(STEPS):
        task = Task.objects.get(process=process, finished=None)

        def step(number: int = number, key: int = task.pk) -> None:
            with Task.objects.get(pk=key).activation() as activation:
                activation.assign(user)
            with StockFlow.lock(process.pk), transaction.atomic():
                found = Task.objects.get(pk=key, process=process.pk)
                activation = found.flow_task.activation_class(found)
                activation.start(request)
                _write(activation.process.matter, number, user)
                activation.execute()

        yield step


def _write(matter: Matter, number: int, user: User) -> None:
    state, moment = f"step{number}", clock.now()
    Matter.objects.filter(pk=matter.pk).update(state=state, moved=moment, version=F("version") + 1)
    facts = {"from": f"step{number - 1}", "to": state, "roles": ["case_officer"], "note": "同意。"}
    Trail.objects.create(matter=matter, actor=user, at=moment, kind="moved", facts=facts)
