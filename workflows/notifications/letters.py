"""Letters about accounts: to addresses that may belong to nobody here yet, and to account holders.

They belong to no case, so they are no messages of the inbox; see ``sentences`` for those.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from workflows.notifications.sentence import Sentence, Words

LETTERS: Mapping[str, Sentence] = {
    "account": Sentence(
        _("Open your account"),
        _(
            "Somebody, probably you, asked to register an organisation with this address. "
            "Open your account here within %(days)s days:\n\n%(link)s\n\n"
            "If it was not you, do nothing: no account is opened."
        ),
    ),
    "known": Sentence(
        _("You have an account already"),
        _(
            "Somebody, probably you, asked to register an organisation with this address, which "
            "has an account already. Sign in and register the organisation there:\n\n%(link)s\n\n"
            "If it was not you, do nothing."
        ),
    ),
    "invited": Sentence(
        _("%(person)s invites you to act for %(organisation)s"),
        _(
            "You are to act for %(organisation)s as: %(role)s. "
            "Accept within %(days)s days:\n\n%(link)s\n\n"
            "If you know nothing of this, do nothing."
        ),
    ),
    "handed_over": Sentence(
        _("You are now an owner of the account of %(organisation)s"),
        _("%(person)s has handed the account of %(organisation)s over to you."),
    ),
    "removed": Sentence(
        _("Your mandate for %(organisation)s has ended"),
        _("You do not act for %(organisation)s any more as: %(role)s."),
    ),
    "asked": Sentence(
        _("Somebody asks for access to the account of %(organisation)s"),
        _(
            "%(person)s has asked the window for the account of %(organisation)s. "
            "The window decides on the evidence; if this is a mistake, tell the window."
        ),
    ),
    "confirmed_account": Sentence(
        _("%(organisation)s is registered"),
        _("The window has confirmed the account of %(organisation)s."),
    ),
    "confirmed_signer": Sentence(
        _("You may sign for %(organisation)s"),
        _("The window has confirmed your mandate to sign for %(organisation)s."),
    ),
    "confirmed_name": Sentence(
        _("The new name is entered: %(organisation)s"),
        _(
            "The window has confirmed the name %(organisation)s. "
            "Papers issued from now on bear it; signed ones stay as they are."
        ),
    ),
    "refused": Sentence(
        _("The window could not confirm this for %(organisation)s"),
        _("The reason: %(reason)s\n\nYou may file again with other evidence."),
    ),
}


def words(kind: str, facts: Mapping[str, object]) -> Words:
    """Say a letter in the active language; its title is one line whatever the facts hold."""
    letter = LETTERS[kind]
    places = {name: str(value) for name, value in facts.items()}
    return Words(" ".join((str(letter.title) % places).split()), str(letter.text) % places)
