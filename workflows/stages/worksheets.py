"""What somebody has ticked and written for a task so far: theirs alone, and no act of the case.

A worksheet holds the fields of every form of the task under the form's code, and under ``seen``
the filed papers its owner has looked at. It is dropped when the task is decided.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import QueryDict

from workflows import clock
from workflows.models import Task, User, Worksheet

SEEN = "seen"
PASSING = {"do", "decision", "csrfmiddlewaretoken"}  # of the sending, not of the form
WRITTEN = ("finding", "note", "reason", "text")  # fields in which one writes, not ticks
MOST_FIELDS = 400
LONGEST = 8000  # characters of one field
LONGEST_NAME = 100
Sheet = dict[str, Any]


def of(task: Task, by: User) -> Sheet:
    """What ``by`` has kept for ``task``: form code -> its fields, and ``seen``."""
    found = Worksheet.objects.filter(task=task, by=by).values_list("values", flat=True).first()
    return dict(found or {})


def keep(task: Task, by: User, given: Mapping[str, Any], *, ended: bool = False) -> Sheet:
    """Keep the fields of the form named by ``do`` in place of what was kept of that form.

    A finished task keeps nothing, unless these are the words of whoever came too late
    (``ended``); fields beyond the bounds of a form are left out.
    """
    names = [name for name in given if name not in PASSING][:MOST_FIELDS]
    fields = {_clean(name): text for name in names if (text := _plain(given, name)) is not None}
    return _changed(task, by, {str(given.get("do", "")): fields}, ended=ended)


def words(task: Task, by: User) -> list[str]:
    """What ``by`` wrote on a finished task without effect, a text for each field."""
    forms = (fields for fields in of(task, by).values() if isinstance(fields, dict))
    return [
        text
        for fields in forms
        for name, text in fields.items()
        if name.partition("-")[0] in WRITTEN and isinstance(text, str) and text.strip()
    ]


def see(task: Task, by: User, file: int, *, seen: bool = True) -> Sheet:
    """Tick a filed paper as looked at, or take the tick away."""
    with transaction.atomic():
        ticked = {*_held(task, by).values.get(SEEN, [])}
        after = ticked | {file} if seen else ticked - {file}
        return _changed(task, by, {SEEN: sorted(after)})


def drop(task: int) -> None:
    """Forget everybody's worksheets of a task that is decided, named by its key."""
    Worksheet.objects.filter(task=task).delete()


def _plain(given: Mapping[str, Any], name: str) -> str | list[str] | None:
    """The text of a field, or the texts of one that was given several times."""
    found = given.getlist(name) if isinstance(given, QueryDict) else given[name]
    texts = [_clean(each) for each in (found if isinstance(found, list) else [found])]
    if len(name) > LONGEST_NAME or sum(map(len, texts)) > LONGEST:
        return None
    return texts if len(texts) > 1 else "".join(texts)


def _clean(text: object) -> str:
    """The text without what no database keeps: NUL and halves of a character."""
    return str(text).replace("\x00", "").encode("utf-8", "ignore").decode()


@transaction.atomic
def _changed(task: Task, by: User, parts: Sheet, *, ended: bool = False) -> Sheet:
    if not ended and Task.objects.filter(pk=task.pk).exclude(finished=None).exists():
        return {}
    held = _held(task, by)
    held.values, held.kept = {**held.values, **parts}, clock.now()
    held.save(update_fields=["values", "kept"])
    return dict(held.values)


def _held(task: Task, by: User) -> Worksheet:
    """The worksheet, held so that a second window of its owner waits."""
    Worksheet.objects.get_or_create(task=task, by=by, defaults={"kept": clock.now()})
    return Worksheet.objects.select_for_update().get(task=task, by=by)
