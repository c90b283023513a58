"""Verify the audit trail and the books: every entry and link, every case against its last entry."""

from collections.abc import Iterator
from itertools import chain as one_after_another
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count

from workflows import audit, clock
from workflows.audit import books
from workflows.models import Case, Event
from workflows.stages import messages, position


class Command(BaseCommand):
    """Names the first wrong row, or says how much verifies."""

    help = "Verify the audit trail and name the first wrong row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which part of the trail to read."""
        parser.add_argument("--case", metavar="REFERENCE", help="only the chain of this case")

    def handle(self, *_: Any, case: str | None, **__: Any) -> None:
        """Exit with 0 if everything verifies, with 1 at the first wrong row."""
        chain = self._chain(case) if case else None
        if finding := next(_findings(chain), None):
            _tell(finding)
            raise CommandError(str(finding), returncode=1)
        events = Event.objects.filter(chain=chain) if chain else Event.objects.all()
        count = events.aggregate(entries=Count("pk"), chains=Count("chain", distinct=True))
        self.stdout.write("{entries} entries in {chains} chains verify".format(**count))

    def _chain(self, reference: str) -> str:
        case = Case.objects.filter(reference=reference).first()
        if case is None:
            raise CommandError(f"There is no case {reference}.", returncode=2)
        return f"case:{case.pk}"


def _tell(finding: audit.Finding) -> None:
    """Let the auditors know, once a day."""
    messages.remind(
        "trail_broken",
        origin=f"trail:{finding.chain}:{finding.seq}:{clock.today()}",
        audience="group:auditor",
        finding=str(finding),
    )


def _findings(chain: str | None) -> Iterator[audit.Finding]:
    """What is wrong with the trail, then what the trail speaks of and the rows deny."""
    for finding in one_after_another(audit.findings(chain), books.imbalances(), position.strays()):
        if chain in (None, finding.chain):
            yield finding
