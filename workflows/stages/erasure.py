"""Asking for one's personal data to be deleted (个人信息保护法 47; X59).

What a retention duty keeps is stored and protected, and used for nothing else: who filed, signed
and decided stays on the record. What nobody needs any more is blanked at once, or as soon as the
last mandate or office has ended.
"""

from django.db import transaction
from django.db.models import Q

from workflows import audit, clock, jobs
from workflows.models import (
    ErasureRequest,
    Event,
    Invitation,
    Job,
    Membership,
    Organisation,
    Phrase,
    Registration,
    SavedView,
    User,
    Viewing,
    Watch,
    Worksheet,
)
from workflows.stages import indexing

CHAIN = "people"
SIGNED = (  # acts whose signer stays provable
    "submitted", "resubmitted", "supplement_answered", "defence_stated", "objection_replied",
    "withdrawn", "withdrawal_asked", "review_requested", "figures_confirmed", "figures_contested",
    "offer_answered", "partner_confirmed", "partner_refused", "partner_left", "substitute_named",
    "task_book_signed", "task_book_lapsed", "receipt_confirmed",
)  # fmt: skip
CONTACT = ("contact_name", "contact_phone", "contact_email")


@transaction.atomic
def ask(user: User) -> ErasureRequest:
    """Record that ``user`` asks for deletion, and blank what is not needed any more."""
    held = User.objects.select_for_update().get(pk=user.pk)
    request = ErasureRequest.objects.create(user=held, asked=clock.now(), kept=kept(held))
    audit.record_system(CHAIN, "erasure_asked", by=user, user=held.pk, kept=request.kept)
    _carry_out(request, held)
    return request


@transaction.atomic
def follow(user: User) -> None:
    """Blank what somebody asked for as soon as nothing needs it: call it when a mandate ends."""
    request = ErasureRequest.objects.filter(user=user).order_by("-asked").first()
    if request is not None:
        _carry_out(request, User.objects.select_for_update().get(pk=user.pk))


def look(day: str) -> None:
    """Let a worker look, once that day, for mandates and offices that ended by their date."""
    jobs.enqueue("erase_ended", key=f"erase_ended:{day}")


@jobs.handler("erase_ended")
def erase_ended(job: Job, made: None) -> None:
    """Blank what was asked for by whoever's last mandate ran out: nobody ended it by an act."""
    asked = ErasureRequest.objects.values("user")
    for user in User.objects.filter(pk__in=asked, is_active=True).order_by("pk"):
        follow(user)


def kept(user: User) -> list[str]:
    """Codes of what is kept about ``user``, and why it must be."""
    found = []
    if acting(user):
        found.append("account")
    if Event.objects.filter(actor=user).exclude(case=None).exists():
        found.append("acts")
    if user.memberships.exists() or user.appointments.exists():
        found.append("mandates")
    return found


def acting(user: User) -> bool:
    """Whether ``user`` still acts for anybody today: then the account is needed."""
    return user.memberships.in_force().exists() or user.appointments.in_force().exists()


def _carry_out(request: ErasureRequest, user: User) -> None:
    if acting(user):
        return
    blanked = [code for code, blank in BLANKING.items() if blank(user)]
    if not blanked:
        return
    request.blanked = sorted({*request.blanked, *blanked})
    request.kept = kept(user)
    request.save(update_fields=["blanked", "kept"])
    audit.record_system(CHAIN, "erased", by=None, user=user.pk, blanked=request.blanked)


def _contact(user: User) -> bool:
    """Organisations that name this person as their contact name nobody until somebody else does."""
    if not user.email:
        return False
    units = Organisation.objects.filter(
        memberships__user=user, profile__contact_email__iexact=user.email
    )
    found = list(units.distinct())
    for unit in found:
        unit.profile = {key: told for key, told in unit.profile.items() if key not in CONTACT}
        unit.save(update_fields=["profile"])
    return bool(found)


def _letters(user: User) -> bool:
    """Letters to the address were sent; the address is not needed for that any more."""
    mine = Q(email__iexact=user.email) if user.email else Q(accepted_by=user)
    return bool(Invitation.objects.filter(mine).exclude(email="").update(email=""))


def _papers(user: User) -> bool:
    """The numbers of identity papers of whoever never signed anything prove nothing."""
    if Event.objects.filter(actor=user, kind__in=SIGNED).exists():
        return False
    mandates = Membership.objects.filter(user=user).exclude(paper_number="")
    asked = Registration.objects.filter(user=user).exclude(paper_number="")
    gone = mandates.update(paper_number=""), asked.update(paper_number="")
    return any(gone)


def _account(user: User) -> bool:
    """The account closes: nobody signs in with it, and nothing is sent to it."""
    if not user.is_active and not user.email:
        return False
    user.email, user.phone, user.is_active = "", "", False
    user.set_unusable_password()
    user.save(update_fields=["email", "phone", "is_active", "password"])
    return True


def _desk(user: User) -> bool:
    """What somebody kept at the desk for themselves goes with them; what they did with it stays."""
    kept = (
        Phrase.objects.filter(owner=user),
        SavedView.objects.filter(owner=user),
        Viewing.objects.filter(user=user),
        Watch.objects.filter(user=user),
        Worksheet.objects.filter(by=user),
    )
    gone = [each.delete()[0] for each in kept]
    return any(gone)


BLANKING = {
    "contact": _contact,
    "letters": _letters,
    "papers": _papers,
    "account": _account,
    "desk": _desk,
    "search": indexing.forget,  # after the account: whoever is not active is not entered again
}
