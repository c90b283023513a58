"""Ten human steps in a row, written as viewflow's own guide writes them."""

from viewflow import this
from viewflow.workflow import flow, lock
from viewflow.workflow.flow import views

from tests.benchmarks.models import StockProcess


def _step(following: object) -> flow.View:
    return flow.View(views.UpdateProcessView.as_view(fields=[])).Next(following)


class StockFlow(flow.Flow):
    """Ten steps."""

    process_class = StockProcess
    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle(this.begin).Next(this.step1)
    step1 = _step(this.step2)
    step2 = _step(this.step3)
    step3 = _step(this.step4)
    step4 = _step(this.step5)
    step5 = _step(this.step6)
    step6 = _step(this.step7)
    step7 = _step(this.step8)
    step8 = _step(this.step9)
    step9 = _step(this.step10)
    step10 = _step(this.end)
    end = flow.End()

    def begin(self, activation, matter):  # type: ignore[no-untyped-def] -- viewflow's signature
        """Put the matter into the process."""
        activation.process.matter = matter
        return activation.process
