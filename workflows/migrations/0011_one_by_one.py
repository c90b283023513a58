"""A round may demand that every check is confirmed by itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0010_papers_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="round",
            name="one_by_one",
            field=models.BooleanField(default=False),
        ),
    ]
