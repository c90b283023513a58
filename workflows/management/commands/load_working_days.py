"""Enter the holidays and make-up days of a year, and confirm the days told provisionally."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from workflows.stages import yearly_notice


class Command(BaseCommand):
    """``load_working_days [YEAR...]``: all published years unless some are named."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the years."""
        parser.add_argument("years", nargs="*", type=int, metavar="YEAR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then count again."""
        try:
            loaded = yearly_notice.load(options["years"] or yearly_notice.published())
        except yearly_notice.YearUnknown as unknown:
            raise CommandError(str(unknown)) from unknown
        for year, days in loaded.items():
            self.stdout.write(f"{year}: {days} days differ from Monday to Friday")
        self.stdout.write(f"{yearly_notice.recompute()} provisional days moved")
