"""Open an account, with an office or a mandate; its password is asked for, never an argument."""

import sys
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from workflows.models import Appointment, Membership, Organisation, User
from workflows.stages import people

ROLES = [*Appointment.Role.values, *Membership.Role.values]


class Command(BaseCommand):
    """``create_person USERNAME NAME [--role ROLE] [--scope CODE] [--organisation CREDIT-CODE]``."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is and what they may do."""
        parser.add_argument("username")
        parser.add_argument("name", help="as papers and pages show it")
        parser.add_argument("--email", default="")
        parser.add_argument("--role", choices=ROLES, help="an applicant's need --organisation")
        parser.add_argument("--scope", default="", help="district or department code")
        parser.add_argument("--organisation", help="unified social credit code")
        parser.add_argument("--background", default="", help="experts: industry, school, finance")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the account and give it its role, both or neither."""
        try:
            with transaction.atomic():
                user = people.register(
                    options["username"],
                    name=options["name"],
                    email=options["email"],
                    password=self._password(),
                    by=None,
                )
                self._give_role(user, options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{user.username} may sign in")

    def _password(self) -> str:
        """Ask twice at a terminal; take one line from a pipe."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        password = getpass("Password: ")
        if password != getpass("Once more: "):
            raise CommandError("The two passwords differ.")
        return password

    def _give_role(self, user: User, options: dict[str, Any]) -> None:
        role, organisation = options["role"], self._organisation(options["organisation"])
        if role in Membership.Role.values:
            if organisation is None:
                raise CommandError(f"A {role} acts for an organisation: name it.")
            people.enrol(organisation, user=user, role=role, by=None)
        elif role:
            people.appoint(
                user,
                role=role,
                scope=options["scope"],
                organisation=organisation,
                background=options["background"],
                by=None,
            )

    def _organisation(self, uscc: str | None) -> Organisation | None:
        if uscc is None:
            return None
        found = Organisation.objects.filter(uscc=uscc).first()
        if found is None:
            raise CommandError(f"No organisation has the credit code {uscc}.")
        return found
