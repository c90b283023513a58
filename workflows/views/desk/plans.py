"""One button for many tasks: what it would do with each, or why it cannot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workflows.errors import CaseError, NeedsOwnLook, NobodyChosen, StageClosed
from workflows.models import Case, Intent, Task, User
from workflows.stages import assigning, desk, intents, snoozing
from workflows.stages.findings import YES
from workflows.stages.groups import LENT
from workflows.views.desk import deciding
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.checklist import Checklist
from workflows.views.desk.dossier import Dossier
from workflows.views.refusals import as_refusal, sentence

ORDINARY: Mapping[str, str] = {  # what goes on needs no words; signing and sealing go one by one
    "acceptance": "accept",
    "district_review": "recommend",
    "opinion": "no_objection",
    "department_review": "evaluate",
    "endorsement": "endorse",
}


@dataclass(frozen=True)
class Given:
    """What one batch asks besides its tasks."""

    to: User | None = None
    until: date | None = None
    reason: str = ""
    seen: Mapping[int, int | None] = field(default_factory=dict)  # task -> whose it was


@dataclass(frozen=True)
class Plan:
    """What would be done with one task, or why it cannot be."""

    task: Task
    words: str = ""
    note: str = ""  # what else comes with it
    kind: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    told: str = ""
    act: Callable[[], object] | None = None
    refusal: str = ""

    def rehearsed(self) -> "Plan":
        """The same plan, or why the law refuses it now."""
        if self.act is None:
            return self
        try:
            intents.rehearse(self.act)
        except Exception as error:  # noqa: BLE001 -- what is no refusal is raised again
            return Plan(self.task, words=self.words, refusal=_said(error))
        return self

    def press(self, by: User, batch: str, session: int | None = None) -> Intent:
        """Let it be done when it may no longer be taken back; a refusal is remembered as one."""
        if self.act is None:
            return self._refused(self.refusal, by, batch)
        try:
            return intents.intend(
                self.task,
                self.kind,
                self.data,
                by=by,
                told=self.told,
                batch=batch,
                session=session,
                act=self.act,
            )
        except Exception as error:  # noqa: BLE001 -- what is no refusal is raised again
            return self._refused(_said(error), by, batch)

    def _refused(self, said: str, by: User, batch: str) -> Intent:
        return intents.refused(self.task, self.kind, said, by=by, told=self.told, batch=batch)


def _said(error: Exception) -> str:
    refusal = as_refusal(error)
    if refusal is None:
        raise error
    return sentence(refusal)


# --- each act -------------------------------------------------------------------------------------
def approve(task: Task, by: User, given: Given) -> Plan:
    """Let the case go on, where nobody need write anything and nothing speaks against it."""
    code = ORDINARY.get(task.node)
    if code is None:
        raise NeedsOwnLook(reason=gettext("This step is decided one by one."))
    kind, actor = offered.for_task(task)[0], desk.acting(by, task)
    deciding.still_mine(task, actor)
    blank = kind(Dossier(task.case), actor, task=task)
    sent, note = {"decision": [code]}, ""
    if isinstance(blank, Checklist):
        deciding.in_order(blank)
        confirmed = blank.open_checks()
        if confirmed and not blank.may_confirm_rest():
            raise NeedsOwnLook(reason=gettext("These checks are to be confirmed one by one."))
        sent |= {blank.name(check): [YES] for check in blank.checks}
        sent["together"] = [" ".join(check.code for check in confirmed)]
        note = _note(blank, len(confirmed))
    form = kind(blank.dossier, actor, deciding.again(sent), task=task)
    if not form.is_valid():
        raise NeedsOwnLook(reason=" ".join(map(str, next(iter(form.errors.values())))))
    return Plan(
        task,
        words=str(form.chosen.words) if form.chosen else "",
        note=note,
        kind=deciding.DECIDE,
        data={**deciding.pressed(form), "ordinary": True},
        told=deciding.done(form),
        act=form.act,
    )


def _note(form: Checklist, together: int) -> str:
    checked = len(form.checks) - together
    words = [
        ngettext("%(count)s checked by the system", "%(count)s checked by the system", checked),
        ngettext("%(count)s confirmed together", "%(count)s confirmed together", together),
    ]
    counts = (checked, together)
    pairs = zip(words, counts, strict=True)
    return gettext("; ").join(said % {"count": count} for said, count in pairs if count)


def assign(task: Task, by: User, given: Given) -> Plan:
    """Give the task to the person chosen; without one, say whether it can be given at all."""
    assigning.heads(by, task, task.case)
    if task.finished is not None or task.candidate.partition(":")[0] not in LENT:
        raise StageClosed
    if given.to is None:
        return Plan(task, words=gettext("Assign"))
    seen = given.seen.get(task.pk, task.owner_id)
    told = {"to": given.to.pk, "reason": given.reason, "seen": seen}
    names = {"name": task.applicant, "person": given.to}
    return Plan(
        task,
        words=gettext("Assign to %(person)s") % names,
        kind="assign",
        data=told,
        told=gettext("%(name)s: assigned to %(person)s.") % names,
        act=partial(assigning.assign, task, to=given.to, by=by, reason=given.reason, seen=seen),
    )


def snooze(task: Task, by: User, given: Given) -> Plan:
    """Put the task off until the day chosen."""
    if given.until is None:
        deciding.still_mine(task, desk.acting(by, task))
        return Plan(task, words=gettext("Put off"))
    names = {"name": task.applicant, "day": date_format(given.until, "Y-m-d")}
    told = {"until": given.until.isoformat(), "reason": given.reason}
    return Plan(
        task,
        words=gettext("Put off until %(day)s") % names,
        kind="snooze",
        data=told,
        told=gettext("%(name)s: put off until %(day)s.") % names,
        act=partial(snoozing.snooze, task, until=given.until, by=by, reason=given.reason),
    )


def claim(task: Task, by: User, given: Given) -> Plan:
    """Take the task."""
    if task.owner_id == by.pk:
        raise NeedsOwnLook(reason=gettext("it is yours already."))
    return Plan(
        task,
        words=gettext("Claim"),
        kind="claim",
        told=gettext("%(name)s: claimed.") % {"name": task.applicant},
        act=partial(desk.claim, task, by=by),
    )


def release(task: Task, by: User, given: Given) -> Plan:
    """Give the task back to its group."""
    return Plan(
        task,
        words=gettext("Give back"),
        kind="release",
        told=gettext("%(name)s: given back.") % {"name": task.applicant},
        act=partial(desk.give_back, task, by=by),
    )


Planner = Callable[[Task, User, Given], Plan]
PLANNERS: Mapping[str, Planner] = {
    "accept": approve,
    "assign": assign,
    "snooze": snooze,
    "claim": claim,
    "release": release,
}
TITLES: Mapping[str, str | Promise] = {
    "accept": _("Let them go on"),
    "assign": _("Assign"),
    "snooze": _("Put off"),
    "claim": _("Claim"),
    "release": _("Give back"),
}


# --- all of them ----------------------------------------------------------------------------------
def chosen(by: User, do: str, keys: Sequence[int]) -> list[Task]:
    """The tasks of ``keys`` that ``by`` may see, with their cases, in the order given."""
    if do == "assign" and by.holds("leader"):
        found = Task.objects.filter(pk__in=keys).exclude(candidate="").select_related("owner")
    else:
        found = deciding.own(by).filter(pk__in=keys)
    tasks = {task.pk: task for task in found}
    held = {task.case_id for task in tasks.values()}
    cases: Mapping[int, Case] = deciding.readable(by).in_bulk(held)
    for task in tasks.values():
        if task.case_id in cases:
            task.case = cases[task.case_id]
    seen = (tasks[key] for key in dict.fromkeys(keys) if key in tasks)
    return [task for task in seen if task.case_id in cases]


def plans(tasks: Sequence[Task], do: str, by: User, given: Given) -> list[Plan]:
    """What would become of each task; nothing is done."""
    waiting = Intent.objects.filter(task__in=tasks, state=Intent.State.WAITING)
    pressed = {each.task_id: each for each in waiting.select_related("by")}
    return [_plan(task, do, by, given, pressed.get(task.pk)) for task in tasks]


def _plan(task: Task, do: str, by: User, given: Given, first: Intent | None) -> Plan:
    try:
        if first is not None:
            raise intents.already(first)
        return PLANNERS[do](task, by, given)
    except CaseError as error:
        return Plan(task, kind=do, refusal=sentence(error))


# --- carried out when it may no longer be taken back ----------------------------------------------
@intents.doer("assign")
def assigned(task: int, data: Mapping[str, Any], by: User) -> None:
    """Give the task as it was shown."""
    found = chosen(by, "assign", [task])
    person = User.objects.filter(pk=data["to"]).first()
    if not found or person is None:
        raise NobodyChosen
    assigning.assign(found[0], to=person, by=by, reason=data["reason"], seen=data["seen"])


@intents.doer("snooze")
def snoozed(task: int, data: Mapping[str, Any], by: User) -> None:
    """Put the task off."""
    until = date.fromisoformat(data["until"])
    snoozing.snooze(deciding.within_reach(task, by), until=until, by=by, reason=data["reason"])


@intents.doer("claim")
def claimed(task: int, data: Mapping[str, Any], by: User) -> None:
    """Take the task."""
    desk.claim(deciding.within_reach(task, by), by=by)


@intents.doer("release")
def released(task: int, data: Mapping[str, Any], by: User) -> None:
    """Give the task back."""
    desk.give_back(deciding.within_reach(task, by), by=by)
