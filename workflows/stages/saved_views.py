"""Lists somebody wants to find again: a queue with its filters, kept under a name.

A view is its owner's, who may let one of their groups use it. It holds no rows: whoever opens it
sees what they may see themselves.
"""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from workflows import clock
from workflows.errors import (
    NotEntitled,
    TooManyViews,
    ViewNameTaken,
    ViewTooLong,
    ViewUnnamed,
)
from workflows.models import SavedView, User
from workflows.stages.groups import BY_DISTRICT, is_of

LONGEST = 40  # characters of a name
MOST = 50  # views of one person
LONGEST_QUERY = 3000  # characters, so that the address it is part of can be asked for


def usable_by(user: User) -> QuerySet[SavedView]:
    """The views of ``user``, and those shared with a group they serve; by name."""
    shared = Q(group__in=user.candidacies()) & ~Q(group="")
    for office in user.offices:
        if not office.scope and office.role in BY_DISTRICT:
            shared |= Q(group__startswith=f"{office.role}:")
    found = SavedView.objects.filter(Q(owner=user) | shared).select_related("owner")
    return found.order_by("name", "pk")


def keep(name: str, *, queue: str, query: str, by: User, group: str = "") -> SavedView:
    """Keep a queue with its filters under ``name``; ``group`` says who else may use it.

    Raises ``ViewUnnamed``, ``ViewNameTaken`` where ``by`` has one of that name, ``ViewTooLong``,
    ``TooManyViews``, and ``NotEntitled`` for a group ``by`` does not belong to.
    """
    view = SavedView(owner=by, queue=queue, query=query, made=clock.now())
    if SavedView.objects.filter(owner=by).count() >= MOST:
        raise TooManyViews(most=MOST)
    if len(query) > LONGEST_QUERY:
        raise ViewTooLong
    return _put(view, name, group, by)


def change(view: SavedView, *, name: str, group: str, by: User) -> SavedView:
    """Give a view of ``by``'s own another name, or share it with another group or with none."""
    if view.owner_id != by.pk:
        raise NotEntitled
    return _put(view, name, group, by)


def remove(view: SavedView, *, by: User) -> None:
    """Keep the view no more; the others it was shared with lose it too."""
    if view.owner_id != by.pk:
        raise NotEntitled
    view.delete()


def _put(view: SavedView, name: str, group: str, by: User) -> SavedView:
    view.name, view.group = " ".join(name.split())[:LONGEST], group
    if not view.name:
        raise ViewUnnamed
    if group and not is_of(by, group):
        raise NotEntitled
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as twice:
        raise ViewNameTaken(name=view.name) from twice
    return view
