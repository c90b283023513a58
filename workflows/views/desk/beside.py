"""What stands beside a task on its page, read in one statement with the task itself."""

from typing import Any

from django.db.models import Count, Exists, JSONField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from workflows import clock
from workflows.models import Intent, Note, Opinion, Task, User, Viewing, Watch, Worksheet
from workflows.stages import phrases, viewings


def asked(tasks: QuerySet[Task], user: User) -> QuerySet[Task]:
    """``tasks`` with what their pages say beside the case, as attributes of each.

    ``sheet_kept`` (what the reader has kept), ``is_pressed`` (a decision waits), ``is_watched``,
    ``note_count``, ``is_looked_at`` (by others lately, or not yet by the reader), ``has_phrases``.
    """
    now, task = clock.now(), OuterRef("pk")
    lately = Viewing.objects.filter(task=task, at__gt=now - viewings.HERE)
    own_look = Viewing.objects.filter(task=task, user=user, at__gt=now - viewings.OFTEN)
    notes = Note.objects.filter(case=OuterRef("case")).order_by().values("case")
    told = Opinion.objects.filter(by=user).exclude(text="")
    found: QuerySet[Task] = tasks.annotate(
        sheet_kept=Subquery(
            Worksheet.objects.filter(task=task, by=user).values("values")[:1],
            output_field=JSONField(),
        ),
        is_pressed=Exists(Intent.objects.filter(task=task, state=Intent.State.WAITING)),
        is_watched=Exists(Watch.objects.filter(case=OuterRef("case"), user=user)),
        note_count=Coalesce(Subquery(notes.annotate(number=Count("pk")).values("number")), 0),
        is_looked_at=Exists(lately.exclude(user=user)) | ~Exists(own_look),
        has_phrases=Exists(phrases.of(user).order_by()) | Exists(told),
    )
    return found


def known(task: Task | None, name: str) -> Any:
    """What ``asked`` read of ``task``; None where it was found in another way."""
    return vars(task).get(name) if task is not None else None
