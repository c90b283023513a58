"""A task in somebody's hands: who may decide it, and what was decided carried out later."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.signals import user_logged_out
from django.db import OperationalError
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext

from workflows.errors import (
    ClaimedByAnother,
    NeedsOwnLook,
    NoLongerFits,
    NotEntitled,
    StageClosed,
)
from workflows.models import Case, Intent, Task, User
from workflows.stages import desk, intents, worksheets
from workflows.templatetags.undoing import tag
from workflows.views.desk import reach
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.checklist import Checklist
from workflows.views.desk.decisions.form import Decision
from workflows.views.desk.decisions.review import Conclude
from workflows.views.desk.dossier import Dossier
from workflows.views.guards import KnownRequest

DECIDE = "decide"
RELATED = ("edition", "applicant", "round", "agency", "correction", "decision")


# --- whose task -----------------------------------------------------------------------------------
def own(user: User) -> QuerySet[Task]:
    """The tasks ``user`` may open: their own, and those of their groups."""
    found: QuerySet[Task] = Task.objects.filter(Q(owner=user) | desk.open_to(user))
    return found.select_related("owner")


def readable(user: User) -> QuerySet[Case]:
    """The cases ``user`` may read, with what a decision needs of them."""
    return reach.cases(user).select_related(*RELATED)


def opened(user: User, pk: int) -> Task:
    """One task with its case; what the reader may not read does not exist (404)."""
    found = get_object_or_404(own(user), pk=pk)
    return with_case(user, found)


def with_case(user: User, found: Task) -> Task:
    """The task with its case; one the reader may not read does not exist."""
    found.case = get_object_or_404(readable(user), pk=found.case_id)
    return found


def still_open(found: Task, by: User) -> None:
    """Refuse ``by`` a task that somebody has decided, if only a moment ago."""
    still_mine(found, by)
    first = intents.waiting(found)
    if first is not None:
        raise intents.already(first)


def still_mine(found: Task, by: User) -> None:
    """Refuse ``by`` a task that is finished, or in somebody else's hands."""
    if found.finished is not None:
        raise StageClosed
    if not in_hands(found, by):
        raise ClaimedByAnother(name=str(found.owner))


def in_hands(found: Task, by: User) -> bool:
    """Whether nobody else holds the task: its owner may be who ``by`` stands in for."""
    absent = by.stands_for.user_id if by.stands_for else by.pk
    return found.owner_id in (None, by.pk, absent)


# --- deciding -------------------------------------------------------------------------------------
def intend(form: Decision, found: Task, request: KnownRequest) -> Intent:
    """The reader has decided ``found`` with a valid form; it counts when the window closes."""
    form.ahead()
    return intents.intend(
        found,
        DECIDE,
        pressed(form),
        by=request.user,
        told=done(form),
        session=session_of(request),
        act=form.act,
    )


def session_of(request: KnownRequest) -> int | None:
    """The sign-in a press belongs to; None where a press counts at once, or nobody tracks it."""
    if not intents.window():
        return None
    found = UserSession.objects.filter(session_key=request.session.session_key).first()
    return found.pk if found is not None else None


@receiver(user_logged_out)
def left(request: HttpRequest, user: User | None, **_: object) -> None:
    """Signing out oneself takes nothing back, even when one signs in again at once."""
    key = request.session.session_key
    session = UserSession.objects.filter(user=user, session_key=key).first() if user else None
    if session is not None:
        intents.leave(session)


def pressed(form: Decision) -> dict[str, Any]:
    """What is kept of a press: the form, what was sent, and what the system said of its checks."""
    said = form.said() if isinstance(form, Checklist) else {}
    return {"form": form.code, "sent": sent(form), "said": said}


def sent(form: Decision) -> dict[str, list[str]]:
    """What was ticked and written, by the names of the fields, and the button pressed."""
    names = [*form.fields, "decision"]
    return {name: form.sent.getlist(name) for name in names if name in form.sent}


def done(form: Decision) -> str:
    """What is told after the button was pressed."""
    said = form.chosen.done if form.chosen else ""
    return str(said) % {"name": form.case.applicant.name}


@intents.doer(DECIDE)
def decide(task: int, data: Mapping[str, Any], by: User) -> None:
    """Draw the form up again from what was sent, judge it as if pressed now, and act."""
    found = within_reach(task, by)
    kind = offered.named(offered.for_task(found), data["form"])
    if kind is None:
        raise StageClosed
    form = kind(Dossier(found.case), desk.acting(by, found), again(data["sent"]), task=found)
    still_mine(found, form.by)
    if not form.is_valid():
        raise NoLongerFits(reason=" ".join(_errors(form)))
    if isinstance(form, Checklist):
        _still_said(form, data)
    form.act()


def _still_said(form: Checklist, data: Mapping[str, Any]) -> None:
    """Refuse what rests on a check of which the system says something else by now."""
    if turned := form.turned(data.get("said", {})):
        said = gettext("the system's own check has changed: %(items)s")
        items = gettext("; ").join(str(check.title) for check in turned)
        raise NoLongerFits(reason=said % {"items": items})
    if data.get("ordinary"):
        in_order(type(form)(form.dossier, form.by, task=form.task))


def in_order(form: Checklist) -> None:
    """Refuse what the system or the reader's own worksheet says is not in order."""
    wrong = [str(each) for each in (*(check.title for check in form.unmet()), *form.lacking())]
    if isinstance(form, Conclude):
        wrong += [str(each["office"]) for each in form.opinions() if each["bad"]]
    if wrong:
        said = gettext("not in order: %(items)s") % {"items": gettext("; ").join(wrong)}
        raise NeedsOwnLook(reason=said)


def within_reach(task: int, by: User) -> Task:
    """The task as it is now; ``NotEntitled`` where ``by`` may no longer open it or its case."""
    found = own(by).filter(pk=task).first()
    case = readable(by).filter(pk=found.case_id).first() if found else None
    if found is None or case is None:
        raise NotEntitled
    found.case = case
    return found


def again(sent: Mapping[str, list[str]]) -> QueryDict:
    """What was sent, as a form reads it."""
    given = QueryDict(mutable=True)
    for name, values in sent.items():
        given.setlist(name, values)
    return given


def _errors(form: Decision) -> list[str]:
    return [str(each) for errors in form.errors.values() for each in errors]


def keep(found: Task, request: KnownRequest) -> None:
    """Keep the words of a refused press for its author; the page shows them in any case."""
    with suppress(OperationalError):  # a crowd presses the same button
        worksheets.keep(found, request.user, request.POST)


# --- telling --------------------------------------------------------------------------------------
def tell(request: HttpRequest, intent: Intent, query: str) -> None:
    """Say what was done in the list of ``query``; while it waits, with a button to take it back."""
    due = int(intent.due.timestamp()) if intent.state == Intent.State.WAITING else 0
    messages.success(request, intent.told, extra_tags=tag("undo", intent.task_id, due, query))


def forget(request: HttpRequest, beginning: str) -> None:
    """Tell no longer of what was taken back: the message whose tag begins so."""
    for each in [*messages.get_messages(request)]:
        if beginning not in (each.extra_tags or ""):
            messages.add_message(request, each.level, each.message, extra_tags=each.extra_tags)
