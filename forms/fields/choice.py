"""Choosing: one of several, or yes and no."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from forms.fields.kind import Kind, Wrong, narrow, wrong_type
from forms.schema import Choice, Field

CARDS = 6  # up to so many choices are laid out as radio buttons; more become a list
YES = frozenset({"true", "yes", "是", "1"})
NO = frozenset({"false", "no", "否", "0"})


class Enum(Kind):
    """One of the choices of the question."""

    template = "forms/choices.html"

    def parse(self, field: Field, typed: Any) -> str:
        """Accept a value of the list."""
        if not isinstance(typed, str) or typed.strip() not in {
            choice.value for choice in field.choices
        }:
            raise Wrong(_("Choose one of the answers listed for “%(label)s”") % {"label": field})
        return typed.strip()

    def demand(self, field: Field) -> str:
        """Say that one must be chosen."""
        return _("Choose “%(label)s”") % {"label": field}

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the label of the choice."""
        labels = {choice.value: choice.in_language(language) for choice in field.choices}
        return labels.get(value, str(value))

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """Give the choices to lay out."""
        return field.choices


class YesNo(Kind):
    """Yes or no; no answer is neither."""

    template = "forms/choices.html"
    empty: Any = False

    def parse(self, field: Field, typed: Any) -> bool:
        """Accept true and false and the ways to write them."""
        if isinstance(typed, bool):
            return typed
        word = narrow(typed).lower()
        if word not in YES | NO:
            raise Wrong(wrong_type(field, typed))
        return word in YES

    def demand(self, field: Field) -> str:
        """Say that yes or no must be chosen."""
        return _("Choose “%(label)s”") % {"label": field}

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give yes or no."""
        with override(language):
            return _("yes") if value else _("no")

    def retyped(self, field: Field, typed: Any) -> Any:
        """Give the value of the button that is pressed."""
        return (
            {True: "true", False: "false"}.get(typed, "")
            if isinstance(typed, bool)
            else super().retyped(field, typed)
        )

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """Give yes and no."""
        return YES_NO


YES_NO = (Choice(value="true", zh="是", en="Yes"), Choice(value="false", zh="否", en="No"))
