"""The page of a paper a passage stands on, and where in the papers the answers stand.

Passages made before have no page: the night lets their cases be read again.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workflows", "0013_paper_scans")]

    operations = [
        migrations.AddField(
            model_name="passage",
            name="page",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("worded", models.PositiveIntegerField(default=0)),
                ("found", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="workflows.case",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "sha256"), name="a_paper_read_once_a_case"
                    )
                ],
            },
        ),
    ]
