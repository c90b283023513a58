"""Short messages to telephones, through the HTTP gateway of whoever sends them for the office."""

import json
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workflows.notifications.channels import Recipient
from workflows.notifications.sentence import Words

TIMEOUT = 10  # seconds


class GatewayRefused(OSError):
    """The gateway did not take the message; the job tries again."""


class NoDetour(HTTPRedirectHandler):
    """Follows nobody elsewhere: the token is for the gateway only, and a page is no receipt."""

    def redirect_request(self, *_: Any) -> None:
        """A gateway that points elsewhere has not taken the message."""


class Sms:
    """Posts one message as JSON ``{"to", "text", "id"}``; any answer 2xx means it was taken.

    ``settings.HENG_SMS`` holds the ``url`` of the gateway and the ``token_file`` with what it
    knows us by. The ``id`` is the same whenever the same message is tried again, so that the
    gateway can tell repetitions.
    """

    title = _("Text message")
    urgent_only = True

    def reaches(self, recipient: Recipient) -> bool:
        """Whether the person has given a telephone."""
        return bool(recipient.phone)

    def send(self, recipient: Recipient, words: Words, key: str) -> None:
        """Deliver ``words`` by telephone; raises ``GatewayRefused`` when nobody took them."""
        if not self.reaches(recipient):
            return
        told = {"to": recipient.phone, "text": words.text, "id": key}
        request = Request(  # noqa: S310 -- the operator's own gateway; a check wants http(s)
            settings.HENG_SMS["url"],
            data=json.dumps(told, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", **_credentials()},
            method="POST",
        )
        try:
            with build_opener(NoDetour).open(request, timeout=TIMEOUT) as answer:
                answer.read()
        except (URLError, HTTPException, TimeoutError) as refused:
            raise GatewayRefused(str(refused)) from refused


def _credentials() -> dict[str, str]:
    file = settings.HENG_SMS["token_file"]
    token = Path(file).read_text(encoding="utf-8").strip() if file else ""
    return {"Authorization": f"Bearer {token}"} if token else {}
