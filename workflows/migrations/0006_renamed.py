"""Since when an organisation bears its name: papers look for a former one only where there is."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def remember(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Fill it in from the names given up so far."""
    former = apps.get_model("workflows", "FormerName").objects.filter(organisation=OuterRef("pk"))
    last = former.order_by("-until").values("until")[:1]
    apps.get_model("workflows", "Organisation").objects.update(renamed=Subquery(last))


class Migration(migrations.Migration):
    dependencies = [("workflows", "0005_sharing")]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="renamed",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
