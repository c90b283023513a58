"""The application that holds every table of the house."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """Cases, their stages, papers and proof."""

    name = "workflows"
    label = "workflows"
    verbose_name = _("Approvals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, the programmes, every kind of job and of intent."""
        from workflows import checks, programme  # noqa: PLC0415 -- apps must be loaded first

        checks.register()
        programme.discover()
        import_module("workflows.tasks")
        import_module("workflows.views.desk.plans")  # who carries out what was decided there
