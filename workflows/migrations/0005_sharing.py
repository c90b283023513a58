"""How work is shared: absences, the dealing out of tasks, supervision."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0004_applicants"),
    ]

    operations = [
        migrations.AddField(
            model_name="task",
            name="escalated",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Distribution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group", models.CharField(max_length=60, unique=True)),
                ("on", models.BooleanField(default=False)),
                ("changed", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "distribution",
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField()),
                ("programme", models.CharField(blank=True, max_length=50)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("made", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "substitute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="substitutions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended", None)),
                        fields=["substitute", "ends"],
                        name="stand_ins",
                    ),
                    models.Index(
                        condition=models.Q(("ended", None)),
                        fields=["user", "ends"],
                        name="absences_ahead",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gte", models.F("starts"))),
                        name="absence_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", models.F("substitute")), _negated=True),
                        name="nobody_stands_in_for_self",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("group", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "turn",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("group", "person"), name="one_turn_a_person_and_group"
                    )
                ],
            },
        ),
    ]
