"""The profile an organisation keeps once for all its applications, and its frozen copies."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from forms.bound import Bound
from forms.schema import Field, Section
from workflows import assessment, audit, clock
from workflows.edition import Edition as Rules
from workflows.errors import Incomplete
from workflows.models import (
    Case,
    Edition,
    Membership,
    Organisation,
    Snapshot,
    Submission,
    User,
)
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for

CHAIN = "organisations"
SHARED = "common"  # the section that every programme asks alike (domain 2.0)
FIXED = ("org_name", "uscc")  # the window confirms the name, the code never changes


# --- what it asks ---------------------------------------------------------------------------------
def rules() -> Rules | None:
    """The newest published rules: all ask for the same profile. None before any is published."""
    newest = Edition.objects.order_by("-published", "-pk").first()
    return newest.shape if newest else None


def questions(asked: Rules) -> Section:
    """What the profile asks: consents and promises are given anew on each application."""
    section = asked.form.section(SHARED)
    return section.model_copy(update={"fields": tuple(_asked(section))})


def _asked(section: Section) -> list[Field]:
    return [each for each in section.fields if each.code not in FIXED and each.must_be is None]


def bind(asked: Rules, organisation: Organisation, answers: Mapping[str, Any]) -> Bound:
    """Judge ``answers`` to the profile's questions by themselves."""
    known = {"org_name": organisation.name, "uscc": organisation.uscc}
    procedure = next(iter(asked.procedures))
    section = questions(asked)
    return assessment.bind(
        asked, procedure, {**answers, **known}, {}, clock.today(), section=section
    )


# --- keeping --------------------------------------------------------------------------------------
@transaction.atomic
def keep(organisation: Organisation, *, bound: Bound, by: User) -> Organisation:
    """Keep the answers of ``bound`` as the profile; drafts begun from now on take them.

    Drafts begun before stay as they are, and so does everything filed. Raises ``Incomplete`` (with
    ``errors``) for wrong answers; empty ones may be given later. Raises ``NotEntitled`` for
    anybody who does not act for the organisation.
    """
    acts_for(by, Case(applicant=organisation))
    if bound.errors:
        raise Incomplete(errors=bound.errors)
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    codes = [field.code for field in _asked(bound.form.section(SHARED))]
    answered = {code: bound.raw[code] for code in codes if code in bound.raw}
    others = {code: value for code, value in held.profile.items() if code not in codes}
    held.profile = {**others, **answered, "org_name": held.name, "uscc": held.uscc}
    held.kind = str(answered.get("org_kind") or held.kind)
    held.district = str(answered.get("district_code") or held.district)[:6]
    held.save(update_fields=["profile", "kind", "district"])
    audit.record_system(CHAIN, "profile_kept", by=by, uscc=held.uscc, profile=digest(held.profile))
    return held


# --- freezing -------------------------------------------------------------------------------------
def known(applicant: Organisation, by: User) -> dict[str, Any]:
    """The applicant as it is known now, and the mandate that lets ``by`` sign; for freezing."""
    return {
        "name": applicant.name,
        "uscc": applicant.uscc,
        "kind": applicant.kind,
        "district": applicant.district,
        "former_names": [
            {"name": each.name, "until": clock.local(each.until).date().isoformat()}
            for each in applicant.former_names.all()
        ],
        "profile": applicant.profile,
        "signer": _mandate(applicant, by),
    }


def _mandate(applicant: Organisation, by: User) -> dict[str, str]:
    for each in by.mandates:
        if each.organisation_id == applicant.pk and each.role == Membership.Role.SIGNER:
            return {
                "name": str(by),
                "basis": each.basis,
                "valid_to": each.valid_to.isoformat() if each.valid_to else "",
                "letter": each.letter_sha256,
            }
    return {"name": str(by)}


def freeze(filed: Submission, facts: Mapping[str, Any]) -> Snapshot:
    """Write down with ``filed`` what ``known`` told of its applicant."""
    return Snapshot.objects.create(submission=filed, **facts)
