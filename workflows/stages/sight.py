"""Which cases a person of the house may read; pages, messages and mentions ask the same rule."""

from django.db.models import Q

from workflows.models import Ballot, Case, Item, Partner, Seat, User
from workflows.models.case import CaseQuerySet
from workflows.models.sight import has, seen


def readable(user: User) -> CaseQuerySet:
    """The cases ``user`` may read at the desk.

    Drafts are the applicant's own, and whoever acts for it or a partner reads the case on the
    applicant's pages only. Whoever evaluates it reads it on the evaluator's pages only, and whoever
    recused themselves from it reads nothing of it any more.
    """
    return Case.objects.visible_to(user).filter(_at_the_desk(user))


def rows_on_readable(user: User) -> Q:
    """Those of a table's rows whose ``case`` is readable: a condition on the one case joined.

    Lists are read in the order of an index, a look-up by key for each row; a subquery over cases
    would tempt the database to read all of them first.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    return seen(user, "case__") & _at_the_desk(user, "case__")


def _at_the_desk(user: User, at: str = "") -> Q:
    """Filed, not evaluated by ``user``, not recused from, and not a case of their own."""
    recused = Ballot.objects.filter(choice=Ballot.Choice.RECUSED, member__user=user)
    found = (
        Q(**{f"{at}submitted__isnull": False})
        & ~has(Seat.objects.filter(expert=user), at)
        & ~has(Item.objects.filter(pk__in=recused.values("item")), at)
    )
    if own := user.organisations():
        partners = Partner.objects.filter(organisation__in=own, left=None)
        found &= ~Q(**{f"{at}applicant__in": own}) & ~has(partners, at)
    return found
