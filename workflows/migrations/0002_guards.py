"""Let the database itself refuse an unlawful move, a move without an event, and a changed trail.

The law is frozen here; a test compares it with ``workflows.models.case.edges``. When the law
changes, a new migration removes the guards and installs them with the new edges.
Reversible: lifting the guards loses no data.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from workflows.audit import guards

LAW = {
    "draft": "submitted withdrawn",
    "submitted": "returned accepted not_accepted withdrawn terminated",
    "returned": "submitted withdrawn abandoned terminated",
    "accepted": "reviewing withdrawn terminated suspended",
    "reviewing": "accepted countersign evaluating proposal withdrawn terminated suspended",
    "countersign": "reviewing withdrawn terminated suspended",
    "evaluating": "proposal withdrawn terminated suspended",
    "proposal": "meeting withdrawn terminated suspended",
    "meeting": "proposal notice signing withdrawn terminated suspended",
    "notice": "proposal objection signing withdrawn terminated suspended",
    "objection": "evaluating proposal notice signing withdrawn terminated suspended",
    "signing": "proposal granted registered refused abandoned terminated suspended",
    "registered": "proposal",
    "suspended": "accepted reviewing countersign evaluating proposal meeting "
    "notice objection signing withdrawn terminated",
}
EDGES = [(source, target) for source, targets in LAW.items() for target in targets.split()]


def install(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the guards in place."""
    guards.install(schema_editor, EDGES)


def remove(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Lift the guards."""
    guards.remove(schema_editor)


class Migration(migrations.Migration):
    """Guards of the law and the trail."""

    dependencies = [("workflows", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
