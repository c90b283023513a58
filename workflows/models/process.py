"""Where a case stands in its flow. A task row is the inbox row as well."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from workflows import clock

# Lists are in this order: what stands still last, then by due day, without one as if far ahead.
# None of the three is ever NULL, so that a place in a list is one comparison of rows.
UNTIL = Coalesce(F("due"), Value(date.max), output_field=models.DateField())
IN_LISTS = (F("paused"), UNTIL, F("id"))
OPEN = (STATUS.NEW, STATUS.ASSIGNED)


class Process(AbstractProcess):
    """One case's run through one flow; disposable, since state and facts can rebuild it."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="processes")

    class Meta:
        verbose_name = _("process")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(finished=None), name="one_running_process"
            )
        ]


class Task(AbstractTask):
    """One open or finished step, with everything an inbox shows (no join, no template)."""

    process = models.ForeignKey(Process, models.CASCADE)
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="tasks")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="tasks"
    )
    node = models.CharField(max_length=60)
    candidate = models.CharField(max_length=60, blank=True)  # group whose members may claim it
    due = models.DateField(null=True)
    stood = models.PositiveSmallIntegerField(default=0)  # working days by which that day was moved
    reference = models.CharField(max_length=30)
    programme_key = models.CharField(max_length=50)
    applicant = models.CharField(max_length=100)
    round = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=30, blank=True)  # department, seat or member of this branch
    reminded = models.DateTimeField(null=True)
    snoozed = models.DateField(null=True)  # out of its owner's sight until the morning of that day
    escalated = models.DateTimeField(null=True)  # since when its head has it supervised (X11)
    paused = models.BooleanField(default=False)  # time stands for it: ``Case.stands_still``

    status = models.CharField(max_length=50, choices=STATUS.choices, default=STATUS.NEW)
    created = models.DateTimeField(default=clock.now)
    scheduled = None  # timers are rows of the job ledger
    previous = None  # the trail is the audit's; a join reads facts, not predecessors
    owner_permission = None
    external_task_id = None
    # viewflow's generic key needs these two columns; nothing here ever fills them
    owner_permission_content_type = models.ForeignKey(
        "contenttypes.ContentType", models.CASCADE, null=True, related_name="+", db_index=False
    )
    owner_permission_obj_pk = models.CharField(max_length=1, null=True)  # noqa: DJ001 -- viewflow's

    class Meta:
        verbose_name = _("task")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "node", "unit"],
                condition=models.Q(finished=None),
                name="one_open_task_a_node_and_unit",
            )
        ]
        indexes = [
            models.Index(
                "owner", *IN_LISTS, condition=models.Q(status=STATUS.ASSIGNED), name="inbox"
            ),
            models.Index(
                "candidate", *IN_LISTS, condition=models.Q(status=STATUS.NEW), name="queue"
            ),
            models.Index("candidate", *IN_LISTS, condition=models.Q(status__in=OPEN), name="team"),
            models.Index(
                fields=["owner", "created", "id"],
                condition=models.Q(status=STATUS.ASSIGNED),
                name="inbox_came",
            ),
            models.Index(
                fields=["candidate", "created", "id"],
                condition=models.Q(status__in=OPEN),
                name="team_came",
            ),
            models.Index(
                fields=["owner", "finished", "id"],
                condition=models.Q(status=STATUS.DONE),
                name="archive",
            ),
            models.Index(
                fields=["candidate", "case"],
                condition=~models.Q(candidate=""),
                name="asked_of_a_group",
            ),
            models.Index(
                fields=["owner", "snoozed"],
                condition=models.Q(snoozed__isnull=False),
                name="asleep",
            ),
        ]
