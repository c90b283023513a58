"""What the timeline of a case keeps from whom: who evaluates, and words said among few."""

from collections.abc import Collection
from dataclasses import replace

from django.utils.translation import gettext

from workflows.models import Case, User
from workflows.models.case import State
from workflows.stages import audit_findings
from workflows.views import nodes, trail
from workflows.views.desk import companions

# entries that name an evaluator, and those that do where a sheet is the task in hand
SECRET = {"no_interest_declared", "recused", "sheet_kept", "sheet_locked", "figures_checked"}
HELD = {"given_back", "snoozed", "woken"}
# what the audit found and who wants to step in: for those who answer, and the auditor
INSIDE = {"finding_made", "finding_answered", "intervention_asked", "intervention_declined"}
ANSWERING = ("auditor", *audit_findings.OFFICE)


def wordless(case: Case, user: User, *, talks: bool) -> set[str]:
    """The kinds of entries whose words are not for ``user``, who ``talks`` in notes or does not.

    Nobody reads a vote before all have voted.
    """
    kinds = {"voted"} if case.stands == State.MEETING else set()
    if not user.holds(*companions.READERS):
        kinds |= set(companions.KINDS)
    if not user.holds(*ANSWERING):
        kinds |= INSIDE
    return kinds if talks else {*kinds, "noted"}


def discreet(entry: trail.Entry, wordless: Collection[str], *, insider: bool) -> trail.Entry:
    """The entry without an evaluator's name, unless for an ``insider``, and without those words."""
    sheet = entry.kind in HELD and entry.facts.get("node") in nodes.SEATED
    if (entry.kind in SECRET or sheet) and not insider:
        return replace(entry, by=gettext("Evaluator"), text="")
    return replace(entry, text="") if entry.kind in wordless else entry
