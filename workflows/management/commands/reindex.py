"""Make the index of the search again, from the files and answers as they were filed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from workflows.models import Case
from workflows.stages import indexing


class Command(BaseCommand):
    """Reads every filed case anew, the newest first; people may search meanwhile."""

    help = "Make the index of the search again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which part of the index to make."""
        parser.add_argument("--case", metavar="REFERENCE", help="only this case")

    def handle(self, *_: Any, case: str | None, **__: Any) -> None:
        """Enter case by case, each in a transaction of its own."""
        cases = Case.objects.filed().order_by("-pk")
        if case:
            cases = cases.filter(reference=case)
        count = 0
        for key in cases.values_list("pk", flat=True).iterator():
            held = Case.objects.get(pk=key)
            for name in indexing.enter(held):
                self.stderr.write(f"{held.reference}: {name} cannot be read")
            count += 1
        self.stdout.write(f"{count} cases entered")
