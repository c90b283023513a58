"""The form a list is filtered with; it is read only when it is open."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forms.schema import Field
from workflows import programme
from workflows.models import Edition, Round
from workflows.views import nodes
from workflows.views.desk import asked as asking
from workflows.views.desk.asked import NEAR, Asked
from workflows.views.desk.listing import PARTS

ROUNDS = 40  # the newest, to choose among
ASKABLE = ("enum", "bool")  # kinds of questions whose answers can be counted on
TAGS: Mapping[str, str | Promise] = {
    "corrected": _("Correction is back"),
    "supervised": _("Supervised"),
    "suspended": _("Suspended"),
    "stand_in": _("In a colleague's stead"),
}
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """One field of the form."""

    name: str
    label: str
    options: Options
    value: str
    reloads: bool = False  # what is chosen here changes what else is offered


def fields(asked: Asked, question: str) -> list[Choice]:
    """The fields, filled in; ``question`` is one of the form whose answer is to be chosen."""
    editions = _newest()
    programmes = [(key, str(each.shape.title)) for key, each in editions.items()]
    chosen = asked.programme or (programmes[0][0] if len(programmes) == 1 else "")
    parts = {key: words for key, words in PARTS.items() if key in asking.PARTS}
    due = {NEAR: gettext("Near"), **parts} if asked.queue != "done" else {}
    offered = [
        Choice("programme", gettext("Programme"), programmes, asked.programme, reloads=True),
        Choice("step", gettext("Step"), _words(nodes.WORDS), asked.step),
        Choice("round", gettext("Round"), _rounds(asked.programme), asked.round),
        Choice("due", gettext("Due"), _words(due), asked.due),
        Choice("tag", gettext("Tag"), _words(TAGS), asked.tag),
    ]
    shown = [each for each in offered if len(each.options) > 1 or each.value]
    return [*shown, *_answers(editions.get(chosen), asked, question)]


def _newest() -> dict[str, Edition]:
    """The newest edition of every programme of the house."""
    known = [each.key for each in programme.all_()]
    newer = Edition.objects.filter(programme=OuterRef("programme")).order_by("-published", "-pk")
    found = Edition.objects.filter(programme__in=known, pk=newer.values("pk")[:1])
    editions = {each.programme: each for each in found}
    return {key: editions[key] for key in known if key in editions}


def _rounds(of: str) -> Options:
    found = Round.objects.order_by("-opens", "-pk")
    if of:
        found = found.filter(programme=of)
    return list(found.values_list("key", "title")[:ROUNDS])


def _words(words: Mapping[str, Any]) -> Options:
    return [(code, str(each)) for code, each in words.items()]


def _answers(edition: Edition | None, asked: Asked, question: str) -> Iterator[Choice]:
    """The questions whose answers are asked for, and the list to choose a further one from."""
    if edition is None:
        return
    known = {each.code: each for each in edition.shape.form.fields() if _is_askable(each)}
    told = dict(asked.answers)
    codes = [*told, *([question] if question in known and question not in told else [])]
    for code in codes:
        if code in known:
            yield Choice(f"f_{code}", str(known[code]), options(known[code]), told.get(code, ""))
    rest = [(code, str(each)) for code, each in known.items() if code not in codes]
    if rest:
        yield Choice("ask", gettext("Answer to a question"), rest, "", reloads=True)


def _is_askable(question: Field) -> bool:
    """Whether applicants may answer one thing or another, and the office may ask which."""
    told = question.derived or question.secret or question.must_be is not None
    return question.kind in ASKABLE and not told


def options(question: Field) -> Options:
    """What may be answered."""
    if question.kind == "bool":
        return [("true", gettext("Yes")), ("false", gettext("No"))]
    return [(each.value, str(each)) for each in question.choices]
