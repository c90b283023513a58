"""Take an office away at once; what the person had claimed for it goes back to the queue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.models import Appointment
from workflows.stages import people


class Command(BaseCommand):
    """``dismiss USERNAME ROLE [--scope CODE]``."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose office, and which one."""
        parser.add_argument("username")
        parser.add_argument("role", choices=Appointment.Role.values)
        parser.add_argument("--scope", default="", help="district or department code")

    def handle(self, *args: Any, **options: Any) -> None:
        """End the office in force today; a person without it is told so."""
        held = Appointment.objects.in_force().filter(
            user__username=options["username"], role=options["role"], scope=options["scope"]
        )
        office = held.select_related("user").first()
        if office is None:
            named = f"{options['role']} {options['scope']}".strip()
            raise CommandError(f"{options['username']} does not hold the office {named}.")
        people.dismiss(office, by=None)
        self.stdout.write(f"dismissed: {office}")
