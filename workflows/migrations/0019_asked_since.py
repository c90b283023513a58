"""Since when an applicant is asked for material; until then the steps stand still (X19)."""

from zoneinfo import ZoneInfo

from django.db import migrations, models

HERE = ZoneInfo("Asia/Shanghai")


def tell(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Say so of each case whose request is open, and of its steps."""
    cases, tasks = (apps.get_model("workflows", each).objects for each in ("Case", "Task"))
    for request in apps.get_model("workflows", "Supplement").objects.filter(closed=None):
        day = request.asked.astimezone(HERE).date()
        cases.filter(pk=request.case_id).update(asked_since=day)
        tasks.filter(case=request.case_id, finished=None).update(paused=True)


class Migration(migrations.Migration):
    dependencies = [("workflows", "0018_stood")]

    operations = [
        migrations.AddField(
            model_name="case", name="asked_since", field=models.DateField(null=True)
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
