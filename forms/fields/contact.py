"""Telephone numbers, e-mail and web addresses."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from forms.fields.kind import Kind, Wrong, narrow, say
from forms.schema import Field

MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
LANDLINE = re.compile(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", re.ASCII)


class Phone(Kind):
    """A mainland mobile number, or a landline with its area code."""

    inputmode = "tel"
    autocomplete = "tel"
    width = "w-md"
    example = "13800000000, 021-12345678"

    def parse(self, field: Field, typed: Any) -> str:
        """Accept spaces, brackets and +86; give 13800000000 or 021-12345678."""
        digits = re.sub(r"[\s()\-‐‑–—−]", "", narrow(typed))
        digits = re.sub(r"^(\+|00)86", "", digits)
        if MOBILE.fullmatch(digits):
            return digits
        if match := LANDLINE.fullmatch(digits):
            return "-".join(match.groups())
        sentence = _(
            "“%(label)s” should be a mobile number or a landline with area code; "
            "you typed “%(typed)s”. Example: %(example)s"
        )
        raise Wrong(say(sentence, field, typed, self.example))


class Email(Kind):
    """An e-mail address."""

    inputmode = "email"
    autocomplete = "email"
    width = "w-md"
    valid = EmailValidator()

    def parse(self, field: Field, typed: Any) -> str:
        """Accept an address; its domain is written in lower case."""
        address = re.sub(r"\s", "", narrow(typed)).replace("。", ".")
        try:
            if len(address) > 254:
                raise ValidationError("too long")
            self.valid(address)
        except ValidationError:
            sentence = _(
                "“%(label)s” should be an e-mail address; "
                "you typed “%(typed)s”. Example: %(example)s"
            )
            raise Wrong(say(sentence, field, typed, "name@example.com")) from None
        local, _at, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"


class Url(Kind):
    """A web address; https:// is added where no scheme was typed."""

    inputmode = "url"
    autocomplete = "url"
    valid = URLValidator(schemes=["http", "https"])

    def parse(self, field: Field, typed: Any) -> str:
        """Accept an http or https address."""
        address = re.sub(r"\s", "", narrow(typed))
        if "://" not in address:
            address = f"https://{address}"
        try:
            self.valid(address)
        except ValidationError:
            sentence = _(
                "“%(label)s” should be a web address; you typed “%(typed)s”. Example: %(example)s"
            )
            raise Wrong(say(sentence, field, typed, "https://www.example.com")) from None
        return address
