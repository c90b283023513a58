"""The form at the door."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """Asks for the account by either of its two names, in one wording for the whole house."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the field once; a placeholder would say the same in paler letters."""
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Username or e-mail")
        self.fields["login"].widget.attrs.pop("placeholder", None)
