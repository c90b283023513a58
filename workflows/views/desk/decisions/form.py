"""The shape of a decision: a few fields, the buttons that send them, and the one verb called."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.models import Task, User
from workflows.stages import phrases
from workflows.status_words import OUTCOMES
from workflows.views.desk import beside
from workflows.views.desk.dossier import Dossier

Words = str | Promise
LONGEST = 4000  # characters of an opinion


@dataclass(frozen=True)
class Choice:
    """One button of a decision."""

    code: str
    words: Words
    done: Words = ""  # what is told afterwards
    tone: str = ""  # ok, primary, danger
    icon: str = "check"
    key: str = ""
    needs: tuple[str, ...] = ()  # fields this choice cannot do without
    sure: Words = ""  # asked before it is sent
    turns: bool = False  # decides nothing: the form comes back, or another in its place


class Decision(forms.Form):
    """One thing a person may do with a case; ``act`` does it through one stage verb."""

    use_required_attribute = False
    do_not_call_in_templates: ClassVar[bool] = True  # pages name forms they do not show
    code: ClassVar[str]
    title: ClassVar[Words]
    icon: ClassVar[str] = "pen"
    key: ClassVar[str] = ""  # opens the form
    choices: ClassVar[tuple[Choice, ...]]
    template: ClassVar[str] = "workflows/desk/decisions/plain.html"
    opinions_in: ClassVar[tuple[str, ...]] = ("note", "text", "finding")  # with phrases
    place: str = ""  # the page's address, ending where the query of a tab begins

    def __init__(
        self,
        dossier: Dossier,
        by: User,
        data: QueryDict | None = None,
        *,
        task: Task | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Ask what this case needs asking; ``data`` is what was sent.

        What was not sent begins with ``initial``, and with what ``by`` has kept for the task.
        """
        self.dossier, self.case = dossier, dossier.case
        self.by, self.task = by, task
        self.sent = data if data is not None else QueryDict()
        kept = dossier.sheet(task, by).get(self.code, {}) if data is None and task else {}
        super().__init__(data, initial={**kept, **(initial or {})})
        self.prepare()

    def prepare(self) -> None:
        """Add what depends on the case."""

    @property
    def phrases(self) -> list[str]:
        """Sentences that may be put into an opinion at this step."""
        if self.task is None or beside.known(self.task, "has_phrases") is False:
            return []
        return phrases.offered(self.by, self.task)

    def offer(self, name: str, options: Iterable[tuple[str, Words]], *, asks: bool = False) -> None:
        """Give a field its options; with ``asks`` none is chosen at first."""
        first = [("", _("Choose"))] if asks else []
        cast(forms.ChoiceField, self.fields[name]).choices = [*first, *options]

    def offers(self) -> list[Choice]:
        """The buttons this case leaves."""
        return list(self.choices)

    @property
    def chosen(self) -> Choice | None:
        """The button that was pressed; a form with one button needs no pressing (Ctrl+Enter)."""
        offered = {choice.code: choice for choice in self.offers()}
        pressed = self.sent.get("decision", "")
        if not pressed and len(offered) == 1:
            return next(iter(offered.values()))
        return offered.get(pressed)

    @property
    def verdict(self) -> str:
        """The code of the button that was pressed."""
        return self.chosen.code if self.chosen else ""

    def clean(self) -> dict[str, Any]:
        """Demand what the chosen button needs."""
        given: dict[str, Any] = super().clean() or {}
        chosen = self.chosen
        if chosen is None:
            raise forms.ValidationError(_("Choose what you decide."))
        for name in chosen.needs:
            if not given.get(name) and name not in self.errors:
                self.demand(name)
        return given

    def demand(self, name: str, label: str = "") -> None:
        """Say that the field must be filled in, by its label: the summary stands apart from it."""
        words = gettext("Please fill in “%(field)s”.")
        self.add_error(name, words % {"field": label or self.fields[name].label})

    def turn(self) -> "Decision | None":
        """The form to show instead, when the button pressed decides nothing."""
        return None

    def ahead(self) -> None:
        """Do what has to stand even where the decision itself is refused."""

    def act(self) -> None:
        """Do what was chosen."""
        raise TypeError(f"{type(self).__name__} names no verb")


def words(label: Words, *, hint: Words = "", rows: int = 4, required: bool = False) -> Any:
    """A field for sentences."""
    return forms.CharField(
        label=cast(str, label),
        help_text=cast(str, hint),
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def outcomes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Outcomes as the options of a field."""
    return [(code, OUTCOMES[code].to("staff") if code in OUTCOMES else code) for code in codes]
