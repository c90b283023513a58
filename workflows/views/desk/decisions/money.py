"""The task book signed for the office, and projects called up from the register (domain 2.4.4)."""

from django.utils.translation import gettext_lazy as _

from workflows.stages import standby, task_book
from workflows.views.desk.decisions.form import Choice, Decision


class SignTaskBook(Decision):
    """The issuer signs the task book for the office."""

    code = "task_book"
    title = _("Task book")
    template = "workflows/desk/decisions/standing.html"
    choices = (
        Choice(
            "sign",
            _("Sign the task book"),
            _("%(name)s: task book signed for the office."),
            tone="ok",
            icon="pen",
            key="a",
            sure=_("A signature cannot be taken back. Sign the task book?"),
        ),
    )

    def act(self) -> None:
        """Sign for the office."""
        task_book.sign(self.case, by=self.by)


class CallUp(Decision):
    """Money came free: a project of the register is proposed again."""

    code = "call_up"
    title = _("Call up from the register")
    icon = "archive"
    choices = (
        Choice(
            "call_up",
            _("Call the project up"),
            _("%(name)s: called up."),
            tone="primary",
            icon="arrow-right",
            sure=_("The project goes back to the proposal. Call it up?"),
        ),
    )

    def act(self) -> None:
        """Call the project up."""
        standby.call_up(self.case, by=self.by)
