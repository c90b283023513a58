"""Identity papers of those who sign: a resident's card, or a passport (X57)."""

import re

from django.utils.translation import gettext as _

from workflows.models import Membership

CARD = re.compile(r"\d{17}[\dX]")
PASSPORT = re.compile(r"[A-Z0-9]{5,15}")
WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
CHECKS = "10X98765432"


def normal(number: str) -> str:
    """A number in capitals, without spaces, as it is kept."""
    return re.sub(r"[\s\-]", "", number).upper()


def fault(paper: str, number: str) -> str:
    """Say what is wrong with a normal number; empty when nothing is (GB 11643-1999 for cards)."""
    if paper == Membership.Paper.PASSPORT:
        return "" if PASSPORT.fullmatch(number) else _("A passport number has 5 to 15 characters.")
    if paper != Membership.Paper.IDENTITY_CARD:
        return _("Choose the identity paper.")
    if not CARD.fullmatch(number):
        return _("The number of an identity card has 18 characters.")
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    if CHECKS[total % 11] != number[17]:
        return _("The last character of the number is wrong; compare it with the card.")
    return ""


def masked(number: str) -> str:
    """A number of which only the end is shown."""
    return f"{'•' * max(len(number) - 4, 0)}{number[-4:]}"
