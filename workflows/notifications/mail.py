"""Messages by e-mail, through Django's mail settings."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from workflows.notifications.channels import Recipient
from workflows.notifications.sentences import Words


class Mail:
    """Sends one plain-text letter; a person without an address is left out."""

    def send(self, recipient: Recipient, words: Words, key: str) -> None:
        """Deliver ``words`` by e-mail.

        The Message-ID follows from ``key``: a letter that is sent twice because a worker died in
        between is recognised as one by the receiving side (reliability 4.1).
        """
        if not recipient.email:
            return
        host = urlsplit(settings.HENG_SITE).hostname or "localhost"
        EmailMessage(
            subject=words.title,
            body=f"{words.text}\n\n{settings.HENG_SITE}\n",
            to=[recipient.email],
            headers={"Message-ID": f"<{key.replace(':', '.')}@{host}>"},
        ).send()
