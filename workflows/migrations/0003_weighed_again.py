"""Let a proposed case be weighed again: the guards are lifted and put back with the new edge.

A case that moves up is read before it is granted (domain 2.3.4, step 8), and a conflict found late
is made good by a substitute (0.10).
"""

from importlib import import_module

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflows.audit import guards

FORMER = import_module("workflows.migrations.0002_guards").EDGES
EDGES = [*FORMER, ("proposal", "evaluating")]


def renew(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards of the new law in place."""
    guards.remove(schema_editor)
    guards.install(schema_editor, EDGES)


def restore(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards of the former law back."""
    guards.remove(schema_editor)
    guards.install(schema_editor, FORMER)


class Migration(migrations.Migration):
    """One more edge of the law."""

    dependencies = [("workflows", "0002_guards")]
    operations = [migrations.RunPython(renew, restore)]
