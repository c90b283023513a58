"""Steps of cases whose applicant is asked for material stand still in the lists as well (X19)."""

from django.db import migrations


def tell(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Say so of each open task of such a case."""
    asked = apps.get_model("workflows", "Supplement").objects.filter(closed=None)
    open_ones = apps.get_model("workflows", "Task").objects.filter(finished=None, paused=False)
    open_ones.filter(case__in=asked.values("case")).update(paused=True)


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0018_stood"),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop, elidable=True),
    ]
