"""Legal names: the code stays for life, the name may change, and no old one is forgotten (X7)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from workflows import audit, clock
from workflows.models import Case, FormerName, Organisation, User
from workflows.models.case import State
from workflows.stages import indexing
from workflows.stages.law import lawfully

CHAIN = "organisations"


@transaction.atomic
def change(organisation: Organisation, *, name: str, by: User) -> None:
    """Let ``organisation`` bear ``name`` from now on; its open cases go on and tell of it (X7).

    Drafts that still say the old name say the new one; what was filed or signed stays as it is.
    Source: GB 32100-2015 (the code never changes), domain 5 X7.
    """
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    former, moment = held.name, clock.now()
    kept = FormerName.objects.create(organisation=held, name=former, until=moment)
    organisation.name, organisation.renamed = name, moment
    organisation.profile = {**held.profile, "org_name": name}
    organisation.save(update_fields=["name", "renamed", "profile"])
    audit.record_system(CHAIN, "renamed", by=by, uscc=organisation.uscc, former=former, name=name)
    indexing.ask_all_of(organisation, f"name:{kept.pk}")
    cases = Case.objects.open().filter(applicant=organisation).select_related("edition")
    for case in cases.order_by("pk"):
        case.applicant = organisation
        with lawfully(case) as locked:
            _say_in_draft(locked, former, name)
            audit.record(locked, "applicant_renamed", by=by, former=former, name=name)


def _say_in_draft(locked: Case, former: str, name: str) -> None:
    if locked.state == State.DRAFT and locked.draft.get("org_name") == former:
        locked.draft = {**locked.draft, "org_name": name}
        locked.draft_revision += 1


# --- old and new together -------------------------------------------------------------------------
def called(case: Case) -> str:
    """The applicant as a paper of ``case`` calls it: after a change of name, with 原名."""
    applicant = case.applicant
    if applicant.renamed is None or applicant.renamed < case.created:
        return applicant.name
    former = _first_since(applicant, case.created)
    return applicant.name if former == applicant.name else f"{applicant.name}（原名：{former}）"


def _first_since(organisation: Organisation, moment: datetime) -> str | None:
    """The name ``organisation`` bore at ``moment``; None if it bears it still."""
    names = organisation.former_names.filter(until__gte=moment).order_by("until", "pk")
    return names.values_list("name", flat=True).first()


def changes(organisations: Collection[int], *, since: datetime) -> dict[int, list[FormerName]]:
    """The names that ``organisations`` gave up after ``since``, by organisation; one statement."""
    found: dict[int, list[FormerName]] = {}
    for each in FormerName.objects.filter(organisation__in=organisations, until__gte=since):
        found.setdefault(each.organisation_id, []).append(each)
    return found
