"""What the office knows about an organisation: titles, open cases, history from before."""

from datetime import date
from typing import Any

from django.db import transaction

from workflows import audit, clock
from workflows.models import Case, Certificate, Organisation, User
from workflows.stages.law import entitled


def record_of(
    organisation: Organisation,
    programme_key: str,
    procedure_key: str,
    *,
    besides: Case | None = None,
) -> dict[str, Any]:
    """Facts the rules of an edition may ask for (``record.*`` in its expressions)."""
    titles = organisation.titles.filter(programme_key=programme_key, valid_from__lte=clock.today())
    pool = titles.filter(kind="pool_entry").order_by("-valid_from").first()
    open_cases = Case.objects.open().filter(
        applicant=organisation, programme_key=programme_key, procedure_key=procedure_key
    )
    if besides is not None:
        open_cases = open_cases.exclude(pk=besides.pk)
    return {
        "pool_no": pool.number if pool else "",
        "pool_active": bool(pool and pool.state == Certificate.State.ACTIVE),
        "pool_entered_on": pool.valid_from.isoformat() if pool else "",
        "banned_until": _ban(titles),
        "open_case": open_cases.values_list("reference", flat=True).first() or "",
        "certified": titles.filter(kind="certificate", state=Certificate.State.ACTIVE).exists(),
        "state_owned": organisation.state_owned,
    }


def _ban(titles: Any) -> str:
    """The last day of the ban after a revocation, kept with the revoked title."""
    bans = [
        title.facts.get("banned_until", "")
        for title in titles.filter(state=Certificate.State.REVOKED)
    ]
    return max(bans, default="")


@transaction.atomic
def import_title(
    organisation: Organisation,
    *,
    programme_key: str,
    kind: str,
    title: str,
    number: str,
    granted: date,
    by: User,
) -> Certificate:
    """Enter a title granted before this system into the register, once per number."""
    entitled(by, "case_officer")
    found, new = Certificate.objects.get_or_create(
        number=number,
        defaults={
            "holder": organisation,
            "holder_name": organisation.name,
            "programme_key": programme_key,
            "kind": kind,
            "title": title,
            "valid_from": granted,
            "registered": clock.now(),
            "facts": {"imported": True},
        },
    )
    if new:
        audit.record_system(
            "register",
            "title_imported",
            by=by,
            number=number,
            holder=organisation.uscc,
            granted=granted.isoformat(),
        )
    return found
