"""Every list of tasks in one order that an index keeps: what stands still last, then by due day."""

import datetime

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

UNTIL = Coalesce(F("due"), Value(datetime.date(9999, 12, 31)), output_field=models.DateField())
IN_LISTS = (F("paused"), UNTIL, F("id"))


def stand_still(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Say of each open task whether its case is suspended."""
    tasks = apps.get_model("workflows", "Task").objects
    tasks.filter(finished=None, case__state="suspended").update(paused=True)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0007_desk")]

    operations = [
        migrations.RemoveIndex(model_name="task", name="inbox"),
        migrations.RemoveIndex(model_name="task", name="queue"),
        migrations.RemoveIndex(model_name="task", name="archive"),
        migrations.AddField(
            model_name="task", name="paused", field=models.BooleanField(default=False)
        ),
        migrations.RunPython(stand_still, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(F("owner"), *IN_LISTS, condition=Q(status="ASSIGNED"), name="inbox"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(F("candidate"), *IN_LISTS, condition=Q(status="NEW"), name="queue"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                F("candidate"), *IN_LISTS, condition=Q(status__in=("NEW", "ASSIGNED")), name="team"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["owner", "finished", "id"], condition=Q(status="DONE"), name="archive"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["candidate", "case"], condition=~Q(candidate=""), name="asked_of_a_group"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["owner", "snoozed"], condition=Q(snoozed__isnull=False), name="asleep"
            ),
        ),
    ]
