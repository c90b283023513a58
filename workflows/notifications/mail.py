"""Messages by e-mail, through Django's mail settings."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy as _

from workflows.notifications.channels import Recipient
from workflows.notifications.sentence import Words


class Mail:
    """Sends one plain-text letter."""

    title = _("E-mail")
    urgent_only = False

    def reaches(self, recipient: Recipient) -> bool:
        """Whether the person has an e-mail address."""
        return bool(recipient.email)

    def send(self, recipient: Recipient, words: Words, key: str) -> None:
        """Deliver ``words`` by e-mail; a person without an address is left out.

        The Message-ID follows from ``key``: a letter that is sent twice because a worker died in
        between is recognised as one by the receiving side (reliability 4.1).
        """
        if not self.reaches(recipient):
            return
        host = urlsplit(settings.HENG_SITE).hostname or "localhost"
        said = [words.text, words.note, settings.HENG_SITE]
        EmailMessage(
            subject=words.title,
            body="\n\n".join(filter(None, said)) + "\n",
            to=[recipient.email],
            headers={"Message-ID": f"<{key.replace(':', '.')}@{host}>"},
        ).send()
