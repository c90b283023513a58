"""What applicants need: accounts, uploads, vault, returns, messages."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflows.audit import guards

EDGES = import_module("workflows.migrations.0003_weighed_again").EDGES


def lift(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the guards down: SQLite builds a changed table anew, and forgets its triggers."""
    guards.remove(schema_editor)


def put_up(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards up again."""
    guards.install(schema_editor, EDGES)


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0003_weighed_again"),
    ]

    operations = [
        migrations.RunPython(lift, put_up),
        migrations.CreateModel(
            name="Defence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(default=list)),
                ("told", models.DateTimeField()),
                ("days", models.PositiveSmallIntegerField()),
                ("due", models.DateField()),
                ("due_provisional", models.BooleanField(default=False)),
                ("closed", models.DateTimeField(null=True)),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("stated", "Defence stated"),
                            ("lapsed", "Nothing was said in time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("recalled", models.DateTimeField(null=True)),
                ("text", models.TextField(blank=True)),
                ("files", models.JSONField(default=list)),
                ("answer", models.TextField(blank=True)),
                ("answered", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "defence",
                "ordering": ["case", "number"],
            },
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked", models.DateTimeField()),
                ("blanked", models.JSONField(default=list)),
                ("kept", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["asked"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="title")),
                ("code", models.CharField(blank=True, max_length=50)),
                ("name", models.CharField(max_length=150)),
                ("kind", models.CharField(max_length=10)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField()),
                ("pages", models.PositiveIntegerField(default=0)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("unscanned", "Not scanned for viruses"),
                            ("clean", "No virus found"),
                            ("quarantined", "Being scanned for viruses"),
                            ("infected", "Virus found"),
                        ],
                        default="unscanned",
                        max_length=12,
                    ),
                ),
                ("dated", models.DateField(null=True, verbose_name="dated")),
                ("valid_to", models.DateField(null=True, verbose_name="valid until")),
                ("uploaded", models.DateTimeField()),
                ("removed", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "paper of the library",
            },
        ),
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("until", models.DateTimeField()),
            ],
            options={
                "ordering": ["until"],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("office", "Entered by the office"),
                            ("legal", "Legal representative"),
                            ("letter", "Power of attorney"),
                            ("owner", "Named by the account owner"),
                        ],
                        max_length=10,
                    ),
                ),
                ("letter_name", models.CharField(blank=True, max_length=150)),
                ("letter_sha256", models.CharField(blank=True, max_length=64)),
                ("valid_to", models.DateField(null=True)),
                ("email", models.EmailField(max_length=254)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("clerk", "Clerk"),
                            ("signer", "Authorised signer"),
                            ("owner", "Account owner"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("sent", models.DateTimeField()),
                ("accepted", models.DateTimeField(null=True)),
                ("withdrawn", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "invitation",
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("started", models.DateTimeField()),
                ("ended", models.DateTimeField()),
                ("reason", models.TextField()),
                ("recorded", models.DateTimeField()),
                ("moved", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "outage",
                "ordering": ["-started"],
            },
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("of", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "picture",
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=20)),
                ("channel", models.CharField(max_length=20)),
                (
                    "pace",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "Daily letter"),
                            ("never", "Never"),
                        ],
                        max_length=10,
                    ),
                ),
            ],
            options={
                "verbose_name": "preference",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=60)),
                ("opened", models.DateTimeField()),
                ("seen", models.DateTimeField()),
                ("asked", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "presence",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Very satisfied"),
                            (2, "Satisfied"),
                            (3, "Fairly satisfied"),
                            (4, "Dissatisfied"),
                            (5, "Very dissatisfied"),
                        ]
                    ),
                ),
                ("remark", models.TextField(blank=True)),
                ("given", models.DateTimeField()),
                ("due", models.DateField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "rating",
            },
        ),
        migrations.CreateModel(
            name="Registration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("office", "Entered by the office"),
                            ("legal", "Legal representative"),
                            ("letter", "Power of attorney"),
                            ("owner", "Named by the account owner"),
                        ],
                        max_length=10,
                    ),
                ),
                ("letter_name", models.CharField(blank=True, max_length=150)),
                ("letter_sha256", models.CharField(blank=True, max_length=64)),
                ("valid_to", models.DateField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("account", "Account of an organisation"),
                            ("signer", "Authorised signer"),
                            ("name", "New legal name"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("signs", models.BooleanField(default=False)),
                (
                    "paper",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("identity_card", "Resident identity card"),
                            ("passport", "Passport"),
                        ],
                        max_length=15,
                    ),
                ),
                ("paper_number", models.CharField(blank=True, max_length=20)),
                ("licence_name", models.CharField(blank=True, max_length=150)),
                ("licence_sha256", models.CharField(blank=True, max_length=64)),
                ("filed", models.DateTimeField()),
                ("decided", models.DateTimeField(null=True)),
                ("confirmed", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "registration",
                "ordering": ["filed"],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("uscc", models.CharField(max_length=18)),
                ("kind", models.CharField(max_length=30)),
                ("district", models.CharField(blank=True, max_length=6)),
                ("former_names", models.JSONField(default=list)),
                ("profile", models.JSONField(default=dict)),
                ("signer", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "applicant at the time of filing",
            },
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("material", "More is needed to decide"),
                            ("licence", "The licence has ended"),
                        ],
                        default="material",
                        max_length=10,
                    ),
                ),
                ("asked", models.DateTimeField()),
                ("days", models.PositiveSmallIntegerField()),
                ("due", models.DateField()),
                ("due_provisional", models.BooleanField(default=False)),
                ("closed", models.DateTimeField(null=True)),
                (
                    "closed_as",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("answered", "Answered"),
                            ("lapsed", "Not answered in time"),
                            ("recalled", "Taken back by the office"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("valid_to", models.DateField(null=True)),
                ("files", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "supplement",
                "ordering": ["case", "number"],
            },
        ),
        migrations.CreateModel(
            name="SupplementItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=50)),
                ("name", models.CharField(max_length=150)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("begun", models.DateTimeField()),
                ("touched", models.DateTimeField()),
            ],
            options={
                "verbose_name": "upload",
            },
        ),
        migrations.AddField(
            model_name="case",
            name="begun_with",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.AddField(
            model_name="case",
            name="draft_saved",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="correctionitem",
            name="answered_as",
            field=models.CharField(
                blank=True,
                choices=[("changed", "Changed"), ("explained", "Explained")],
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="file",
            name="scan",
            field=models.CharField(
                choices=[
                    ("unscanned", "Not scanned for viruses"),
                    ("clean", "No virus found"),
                    ("quarantined", "Being scanned for viruses"),
                    ("infected", "Virus found"),
                ],
                default="unscanned",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="basis",
            field=models.CharField(
                choices=[
                    ("office", "Entered by the office"),
                    ("legal", "Legal representative"),
                    ("letter", "Power of attorney"),
                    ("owner", "Named by the account owner"),
                ],
                default="office",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="letter_name",
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name="membership",
            name="letter_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="membership",
            name="paper",
            field=models.CharField(
                blank=True,
                choices=[("identity_card", "Resident identity card"), ("passport", "Passport")],
                max_length=15,
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="paper_number",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="membership",
            name="provisional",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="message",
            name="letter",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="replied",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="replied_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="reply",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="user",
            name="phone",
            field=models.CharField(blank=True, max_length=20, verbose_name="mobile number"),
        ),
        migrations.AlterField(
            model_name="membership",
            name="role",
            field=models.CharField(
                choices=[
                    ("clerk", "Clerk"),
                    ("signer", "Authorised signer"),
                    ("owner", "Account owner"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read", None)), fields=["recipient"], name="messages_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("begun_with", ""), _negated=True),
                fields=("created_by", "begun_with"),
                name="one_case_a_form",
            ),
        ),
        migrations.AddField(
            model_name="defence",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="defence",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="defence",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="defences",
                to="workflows.case",
            ),
        ),
        migrations.AddField(
            model_name="erasurerequest",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="erasure_requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evidence",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="library",
                to="workflows.organisation",
            ),
        ),
        migrations.AddField(
            model_name="formername",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_names",
                to="workflows.organisation",
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="accepted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="invitation",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="invitations",
                to="workflows.organisation",
            ),
        ),
        migrations.AddField(
            model_name="outage",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("of", "number"), name="a_page_drawn_once"),
        ),
        migrations.AddField(
            model_name="preference",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="preferences",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="presences",
                to="workflows.case",
            ),
        ),
        migrations.AddField(
            model_name="presence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rating",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rating",
            name="event",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rating",
                to="workflows.event",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to="workflows.organisation",
            ),
        ),
        migrations.AddField(
            model_name="registration",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="registrations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="submission",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applicant",
                to="workflows.submission",
            ),
        ),
        migrations.AddField(
            model_name="supplement",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supplement",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="supplement",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supplements",
                to="workflows.case",
            ),
        ),
        migrations.AddField(
            model_name="supplementitem",
            name="supplement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="workflows.supplement",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="uploads",
                to="workflows.case",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflows.file",
            ),
        ),
        migrations.AddConstraint(
            model_name="defence",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="defences_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="defence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed", None), ("recalled", None)),
                fields=("case",),
                name="one_defence_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("removed", None)),
                fields=("organisation", "sha256"),
                name="evidence_once_an_organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(fields=["email", "sent"], name="letters_to_an_address"),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.UniqueConstraint(
                fields=("user", "topic", "channel"), name="one_pace_a_topic_and_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="presence",
            constraint=models.UniqueConstraint(
                fields=("case", "section"), name="one_writer_a_section"
            ),
        ),
        migrations.AddIndex(
            model_name="rating",
            index=models.Index(
                condition=models.Q(("answered", None), ("due__isnull", False)),
                fields=["due"],
                name="ratings_to_answer",
            ),
        ),
        migrations.AddConstraint(
            model_name="registration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided", None)),
                fields=("organisation", "kind", "user"),
                name="one_registration_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(
                fields=("case", "number"), name="supplements_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="supplement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed", None)),
                fields=("case",),
                name="one_supplement_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="supplementitem",
            constraint=models.UniqueConstraint(
                fields=("supplement", "position"), name="questions_are_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.UniqueConstraint(
                condition=models.Q(("file", None)),
                fields=("case", "code", "name", "size", "sha256", "by"),
                name="one_upload_of_a_file_at_a_time",
            ),
        ),
        migrations.RunPython(put_up, lift),
    ]
