"""The people of the reader's organisations: who may act, until when, and who manages them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from workflows import clock
from workflows.errors import CaseError
from workflows.models import Invitation, Membership, Organisation, Registration, User
from workflows.stages import invitations, membership
from workflows.views.applicant.own import applicants, see_other
from workflows.views.downloads import send_paper
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence


@dataclass
class Unit:
    """One organisation as its people see it."""

    organisation: Organisation
    manages: bool
    provisional: bool
    mandates: list[tuple[Membership, bool]] = field(default_factory=list)  # with: in force
    invitations: list[Invitation] = field(default_factory=list)
    waiting: list[Registration] = field(default_factory=list)

    @property
    def signs(self) -> bool:
        """Whether anybody may sign for it today."""
        return any(now and each.role == Membership.Role.SIGNER for each, now in self.mandates)


@applicants
@require_safe
def org_members(request: KnownRequest) -> HttpResponse:
    """Every mandate, those in force first; what waits for a person or the window."""
    found = units(request.user)
    return render(request, "workflows/applicant/members.html", {"units": found})


def units(user: User) -> list[Unit]:
    """The organisations ``user`` acts for, with their people; four statements and a few."""
    provisional = {each.organisation_id for each in user.mandates if each.provisional}
    known = {each.organisation_id: each.organisation for each in user.mandates}
    found = {
        pk: Unit(each, membership.manages(user, each), pk in provisional)
        for pk, each in known.items()
    }
    today = clock.today()
    for each in _mandates(found):
        now = each.valid_from <= today and (each.valid_to is None or today <= each.valid_to)
        found[each.organisation_id].mandates.append((each, now))
    for letter in _letters(found):
        found[letter.organisation_id].invitations.append(letter)  # type: ignore[index]
    waiting = Registration.objects.filter(organisation__in=found, decided=None)
    for asked in waiting.select_related("user"):
        found[asked.organisation_id].waiting.append(asked)
    return list(found.values())


def _mandates(organisations: dict[int, Unit]) -> list[Membership]:
    held = Membership.objects.filter(organisation__in=organisations).select_related("user")
    return list(held.order_by(F("valid_to").desc(nulls_first=True), "role", "pk"))


def _letters(organisations: dict[int, Unit]) -> list[Invitation]:
    """The invitations that can still be used."""
    since = clock.now() - invitations.LASTING
    open_ = Invitation.objects.filter(accepted=None, withdrawn=None, sent__gt=since)
    return list(open_.filter(organisation__in=organisations).order_by("-sent"))


# --- one organisation ---------------------------------------------------------------------------
def own_organisation(user: User, uscc: str) -> Organisation:
    """One of the organisations ``user`` acts for; anybody else's does not exist."""
    for each in user.mandates:
        if each.organisation.uscc == uscc:
            return each.organisation
    raise Http404


def managed(user: User, uscc: str) -> Organisation:
    """One whose people ``user`` manages; the rest does not exist here."""
    organisation = own_organisation(user, uscc)
    if not membership.manages(user, organisation):
        raise Http404
    return organisation


def ended(user: User) -> str:
    """Where somebody goes after a mandate ended: to the members, if they act for anybody still."""
    fresh = User.objects.get(pk=user.pk)
    return "org_members" if fresh.mandates else "organisations"


class HeirForm(forms.Form):
    """To whom the account is handed over."""

    use_required_attribute = False

    def __init__(self, organisation: Organisation, owner: User, *args: object) -> None:
        """Offer everybody who acts for the organisation today."""
        super().__init__(*args)  # type: ignore[arg-type]
        held = membership.in_force(organisation)
        self.people = {
            str(each.user_id): str(each.user) for each in held if each.user_id != owner.pk
        }
        self.fields["to"] = forms.ChoiceField(
            label=gettext("To whom"),
            choices=list(self.people.items()),
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose the new owner.")},
        )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_hand_over(request: KnownRequest, uscc: str) -> HttpResponse:
    """Make somebody else the owner; the reader goes on as a clerk."""
    organisation = managed(request.user, uscc)
    sent = request.POST if request.method == "POST" else None
    form = HeirForm(organisation, request.user, sent)

    def act() -> None:
        heir = get_object_or_404(User, pk=form.cleaned_data["to"])
        membership.hand_over(organisation, to=heir, by=request.user)

    values = {
        "title": gettext("Hand the account over"),
        "text": gettext("The new owner manages people from now on. You go on as a clerk."),
        "button": gettext("Hand over"),
        "form": form,
        "alone": "" if form.people else gettext("Nobody else acts for the organisation yet."),
    }
    return _asked(request, organisation, act, values, gettext("The account was handed over"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_leave(request: KnownRequest, uscc: str) -> HttpResponse:
    """Give up every mandate for one organisation."""
    organisation = own_organisation(request.user, uscc)

    def act() -> None:
        membership.leave(organisation, by=request.user)

    values = {
        "title": gettext("Leave the organisation"),
        "text": gettext(
            "Your mandates for %(organisation)s end at once. What you did stays on the record."
        )
        % {"organisation": organisation},
        "button": gettext("Leave"),
    }
    return _asked(request, organisation, act, values, gettext("You have left the organisation"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member_remove(request: KnownRequest, pk: int) -> HttpResponse:
    """End somebody's mandate at once."""
    mandate = _managed_mandate(request.user, pk)
    facts = {"person": mandate.user, "role": mandate.get_role_display()}

    def act() -> None:
        membership.remove(mandate, by=request.user)

    values = {
        "title": gettext("Remove %(person)s") % facts,
        "text": gettext("The mandate of %(person)s as %(role)s ends at once.") % facts,
        "button": gettext("Remove"),
    }
    done = gettext("%(person)s was removed") % facts
    return _asked(request, mandate.organisation, act, values, done)


def _managed_mandate(user: User, pk: int) -> Membership:
    """A mandate in force for an organisation whose people ``user`` manages."""
    held = Membership.objects.in_force().select_related("user", "organisation")
    mandate = get_object_or_404(held, pk=pk, organisation__in=user.organisations())
    if not membership.manages(user, mandate.organisation):
        raise Http404
    return mandate


def _asked(
    request: KnownRequest,
    organisation: Organisation,
    act: Callable[[], None],
    values: Mapping[str, object],
    done: str,
) -> HttpResponse:
    """The question, or what came of the answer."""
    form, refused, status = values.get("form"), "", 200
    if request.method == "POST":
        status = 422
        if not isinstance(form, forms.Form) or form.is_valid():
            try:
                act()
            except CaseError as refusal:
                refused, status = sentence(refusal), refusal.status
            else:
                messages.success(request, done)
                return see_other(ended(request.user))
    shown = {**values, "organisation": organisation, "refusal": refused}
    return render(request, "workflows/applicant/member_question.html", shown, status=status)


@login_required
@require_safe
def member_letter(request: KnownRequest, pk: int) -> HttpResponse:
    """The power of attorney of one mandate, for its holder and whoever manages people."""
    held = Membership.objects.exclude(letter_sha256="").select_related("organisation")
    mandate = get_object_or_404(held, pk=pk, organisation__in=request.user.organisations())
    if mandate.user_id != request.user.pk:
        managed(request.user, mandate.organisation.uscc)
    return send_paper(mandate.letter_sha256, mandate.letter_name)
