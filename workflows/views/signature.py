"""Signing: whoever signs proves once more who they are, by the second factor where they have one.

A signature belongs to the signer alone and is controlled by the signer at the moment of signing
(电子签名法 13); a session that somebody left open must not be enough.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from workflows.models import User

CODE, PASSWORD = "code", "password"


class PasswordOf(forms.PasswordInput):
    """A password with the name it belongs to, unseen, for the managers that keep passwords."""

    def __init__(self, username: str) -> None:
        """Ask for the password of ``username``."""
        super().__init__(attrs={"autocomplete": "current-password"})
        self.username = username

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        """Put the name in front."""
        name = '<input type="text" autocomplete="username" value="{}" readonly hidden>{}'
        return format_html(name, self.username, super().render(*args, **kwargs))


class SignatureForm(forms.Form):
    """What is signed, and the factor it is signed with: ``signed_with`` is "code" or "password".

    The factor is tried last, once everything else is in order: a code is good for one use only.
    """

    use_required_attribute = False

    def __init__(self, signer: User, *args: Any, **kwargs: Any) -> None:
        """Ask for the code of the second factor, or for the password of whoever has none."""
        super().__init__(*args, **kwargs)
        self.signer = signer
        self._codes = Authenticator.objects.filter(user=signer, type=Authenticator.Type.TOTP)
        self.signed_with = CODE if self._codes.exists() else PASSWORD
        self.fields["factor"] = self._code() if self.signed_with == CODE else self._password()

    @staticmethod
    def _code() -> forms.CharField:
        return forms.CharField(
            label=_("Code of your authenticator"),
            help_text=_("The six digits your authenticator shows now."),
            widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
            error_messages={"required": _("Enter the code to sign")},
        )

    def _password(self) -> forms.CharField:
        return forms.CharField(
            label=_("Your password"),
            help_text=_("Entering it again is your signature."),
            strip=False,
            widget=PasswordOf(self.signer.username),
            error_messages={"required": _("Enter your password to sign")},
        )

    def full_clean(self) -> None:
        """Judge everything else first, whatever order a form's own rules have; then the factor."""
        super().full_clean()
        if not self.is_bound or self.errors:
            return
        try:
            self._prove(self.cleaned_data["factor"])
        except ValidationError as unproved:
            self.add_error("factor", unproved)

    def _prove(self, factor: str) -> None:
        """Raise ``ValidationError`` for a wrong factor, and for whoever guesses too often."""
        forgive = check_rate_limit(self.signer)
        if self.signed_with == CODE:
            proved = any(each.wrap().validate_code(factor) for each in self._codes)
        else:
            proved = get_adapter().reauthenticate(self.signer, factor)
        if not proved:
            words = {CODE: _("The code is not right"), PASSWORD: _("The password is not right")}
            raise ValidationError(words[self.signed_with])
        forgive()
