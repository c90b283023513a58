"""Let the database itself refuse a changed or deleted note of the office (decision 0028)."""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflows.audit import guards

EDGES = import_module("workflows.migrations.0003_weighed_again").EDGES


def renew(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards in place, those of the notes among them."""
    guards.remove(schema_editor)
    guards.install(schema_editor, EDGES)


def restore(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Leave the notes unguarded, as before."""
    guards.remove(schema_editor)
    guards.install(schema_editor, EDGES, guards.FIRST)


class Migration(migrations.Migration):
    """Guards of the notes."""

    dependencies = [("workflows", "0015_in_time")]
    operations = [migrations.RunPython(renew, restore)]
