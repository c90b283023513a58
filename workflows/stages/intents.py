"""Deciding, and taking it back: what was pressed waits a moment before the law knows it.

A press leaves an intent and a job. When the job comes, the intent's doer acts through the ordinary
verbs, which judge everything anew: that moment is the act's (decision 0029). At the press the same
act is rehearsed and thrown away, so that what the law refuses now is refused now.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext

from workflows import audit, clock, jobs
from workflows.errors import (
    AlreadyDecided,
    CaseBusy,
    CaseError,
    Faulted,
    NotEntitled,
    NothingWaits,
    SignedOutSince,
    StageClosed,
    TooLateToTakeBack,
)
from workflows.models import Intent, Job, Task, User
from workflows.stages import messages, worksheets
from workflows.stages.law import verb, waiting_its_turn

State = Intent.State
Doer = Callable[[int, Mapping[str, Any], User], object]  # begins from the key of the task
STRANDED = timedelta(minutes=10)  # behind its moment, a press without a job is lost
LONGEST = Intent._meta.get_field("told").max_length
log = logging.getLogger(__name__)
_doers: dict[str, Doer] = {}
_acting: ContextVar[int | None] = ContextVar("acting", default=None)  # the intent being done


class Rehearsed(Exception):
    """The act would be done; nothing of it stays."""


# --- who carries out what -------------------------------------------------------------------------
def doer(kind: str) -> Callable[[Doer], Doer]:
    """Register who carries out intents of ``kind``: ``act(key of the task, data, by)``.

    It acts through stage verbs alone, decides anew whether ``by`` may, and raises ``CaseError``.
    """

    def enter(act: Doer) -> Doer:
        if kind in _doers:
            raise ValueError(f"intents of kind {kind} have a doer already")
        _doers[kind] = act
        return act

    return enter


def window() -> timedelta:
    """How long a press may be taken back; nothing where it counts at once."""
    return timedelta(seconds=settings.HENG_UNDO_SECONDS)


def waiting(task: Task) -> Intent | None:
    """What was pressed for ``task`` and has not taken effect yet."""
    return Intent.objects.select_related("by").filter(task=task, state=State.WAITING).first()


def require_none(task: Task) -> None:
    """Refuse to move a task for which something was pressed that may still be taken back.

    The press itself may move it.
    """
    first = waiting(task)
    if first is not None and first.pk != _acting.get():
        raise already(first)


@contextmanager
def _doing(intent: Intent) -> Iterator[None]:
    token = _acting.set(intent.pk)
    try:
        yield
    finally:
        _acting.reset(token)


# --- pressing -------------------------------------------------------------------------------------
@verb
def intend(
    task: Task,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: User,
    told: str,
    batch: str = "",
    session: int | None = None,
    act: Callable[[], object] | None = None,
) -> Intent:
    """``by`` has decided about ``task``; the act follows when it may no longer be taken back.

    ``act`` is the same act with what the caller has read already; without it the doer begins from
    ``data``. It is rehearsed here, and whatever it raises is raised. ``told`` says what was done;
    ``session`` is the sign-in it was pressed in, which must still stand when it counts. Raises
    ``AlreadyDecided`` while another press waits for the same task.
    """
    moment, wait = clock.now(), window()
    intent = Intent(
        task=task,
        by=by,
        kind=kind,
        data={**data, "origin": dict(audit.whence()), "session": session},
        told=told[:LONGEST],
        batch=batch,
        made=moment,
        due=moment + wait,
    )
    _enter(intent)
    act = act or partial(_doers[kind], task.pk, data, by)
    if not wait:
        with _doing(intent):
            act()
        _settle(intent, State.DONE)
        return intent
    with _doing(intent):
        rehearse(act)
    jobs.enqueue(
        "carry_out",
        case=task.case,
        key=f"carry_out:{intent.pk}",
        payload={"intent": intent.pk},
        not_before=intent.due,
    )
    return intent


def _enter(intent: Intent) -> None:
    """The first press has the task; a later one waits here until the first is certain."""
    try:
        with transaction.atomic():
            intent.save(force_insert=True)
    except IntegrityError as taken:
        first = waiting(intent.task)
        if first is None:
            raise StageClosed from taken
        raise already(first) from taken


def already(first: Intent) -> AlreadyDecided:
    """The refusal of whoever comes after ``first``."""
    return AlreadyDecided(name=str(first.by), at=f"{clock.local(first.made):%H:%M:%S}")


def rehearse(act: Callable[[], object]) -> None:
    """Do ``act`` and let nothing of it stay; raises what it raises."""
    try:
        with waiting_its_turn(), transaction.atomic(), jobs.gathered():
            act()
            raise Rehearsed
    except Rehearsed:
        return


def refused(task: Task, kind: str, said: str, *, by: User, told: str, batch: str) -> Intent:
    """Remember that a press of ``batch`` was refused at once, for the page of its results."""
    moment = clock.now()
    return Intent.objects.create(
        task=task,
        by=by,
        kind=kind,
        told=told[:LONGEST],
        batch=batch,
        state=State.REFUSED,
        made=moment,
        due=moment,
        settled=moment,
        refusal=said[:300],
    )


# --- taking back ----------------------------------------------------------------------------------
@verb
def take_back(intent: Intent, *, by: User) -> None:
    """Let nothing come of ``intent``; only who pressed may, and only until it takes effect.

    Raises ``TooLateToTakeBack`` when it has, ``NothingWaits`` when it was taken back already or
    refused.
    """
    if intent.by_id != by.pk:
        raise NotEntitled
    held = Intent.objects.select_for_update(of=("self",)).get(pk=intent.pk)
    if held.settled is not None and held.state == State.DONE:
        raise TooLateToTakeBack(at=f"{clock.local(held.settled):%H:%M:%S}")
    if held.state != State.WAITING:
        raise NothingWaits
    _keep_words(held)
    _settle(held, State.UNDONE)


@verb
def leave(session: UserSession) -> None:
    """Whoever signs out by themselves has decided all the same: what waits does not need them."""
    held = Intent.objects.select_for_update(of=("self",))
    for intent in held.filter(by=session.user_id, state=State.WAITING, data__session=session.pk):
        intent.data["session"] = None
        intent.save(update_fields=["data"])


# --- carrying out ---------------------------------------------------------------------------------
@jobs.handler("carry_out")
def carry_out(job: Job, made: Any) -> None:
    """Do what was pressed, unless it was taken back; what is refused now comes back in words."""
    held = Intent.objects.select_for_update(of=("self",))
    intent = held.get(pk=job.payload["intent"])
    if intent.state != State.WAITING:
        return
    intent.by = User.objects.get(pk=intent.by_id)
    with translation.override(intent.by.language):
        try:
            _do(intent)
        except CaseBusy:
            raise  # the ledger tries again
        except CaseError as refusal:
            _refuse(intent, refusal)
        except Exception as error:
            if jobs.is_transient(error) or job.failures + 1 < jobs.FAILURES:
                raise
            log.exception("intent %s cannot be carried out; its task is given back", intent.pk)
            _refuse(intent, Faulted())
        else:
            _settle(intent, State.DONE)


def look(day: str) -> None:
    """Let presses that no worker will carry out any more be looked for on ``day``."""
    jobs.enqueue("find_stranded", key=f"find_stranded:{day}")


@jobs.handler("find_stranded")
def find_stranded(job: Job, made: Any) -> None:
    """Give back the tasks of presses whose job is lost, so that they stand in a list again."""
    alive = [Job.State.READY, Job.State.LEASED]
    known = Job.objects.filter(kind="carry_out", state__in=alive)
    carried = set(known.values_list("payload__intent", flat=True))
    overdue = Intent.objects.filter(state=State.WAITING, due__lt=clock.now() - STRANDED)
    for pk in overdue.exclude(pk__in=carried).order_by("pk").values_list("pk", flat=True):
        held = Intent.objects.select_for_update(of=("self",)).select_related("by", "task")
        intent = held.get(pk=pk)
        if intent.state == State.WAITING:
            _refuse(intent, Faulted())


def _do(intent: Intent) -> None:
    told = intent.data.get("origin", {})
    origin = audit.origin(ip=told.get("ip", ""), request_id=told.get("request", ""))
    with origin, _doing(intent), transaction.atomic():
        if not intent.by.is_active:
            raise NotEntitled
        _signed_in(intent)
        _doers[intent.kind](intent.task_id, intent.data, intent.by)


def _signed_in(intent: Intent) -> None:
    """Refuse what was pressed in a session that somebody ended, or a new password has ended."""
    session = intent.data.get("session")
    if session and not _stands(session, intent.by):
        raise SignedOutSince


def _stands(session: int, by: User) -> bool:
    found = UserSession.objects.filter(pk=session, user=by).first()
    if found is None:
        return False
    kept = import_module(settings.SESSION_ENGINE).SessionStore(found.session_key)
    return bool(kept.get(HASH_SESSION_KEY) == by.get_session_auth_hash())


def _refuse(intent: Intent, refusal: CaseError) -> None:
    """Give the task back as it was, and tell whoever pressed why."""
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = gettext(refusal.sentence) % refusal.facts
    _keep_words(intent)
    _settle(intent, State.REFUSED, refusal=said.get(intent.by.language, said["zh-hans"])[:300])
    messages.remind(
        "intent_refused",
        origin=f"intent:{intent.pk}",
        case=intent.task.case,
        audience=f"user:{intent.by_id}",
        name=intent.task.applicant,
        reason=said,
        task=intent.task_id,
    )


def _keep_words(intent: Intent) -> None:
    """Put what was ticked and written back onto the worksheet it came from."""
    if "form" in intent.data:
        given = {"do": intent.data["form"], **intent.data["sent"]}
        worksheets.keep(intent.task, intent.by, given, ended=True)


def _settle(intent: Intent, state: State, **more: str) -> None:
    """The end of an intent; its words live on in what was done with them, not here."""
    if state == State.DONE and "form" in intent.data:
        worksheets.drop(intent.task_id)
    intent.state, intent.settled, intent.data = state, clock.now(), {}
    for name, value in more.items():
        setattr(intent, name, value)
    intent.save(update_fields=["state", "settled", "data", *more])
