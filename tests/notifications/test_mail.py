"""Letters by e-mail."""

from django.core import mail

from workflows.notifications.channels import Recipient, channel, names
from workflows.notifications.mail import Mail
from workflows.notifications.sentence import Words

WORDS = Words("Correction needed", "Please hand it in by 19 October 2026.")


def test_a_letter_carries_the_words_and_an_identity_of_its_own(settings):
    settings.HENG_SITE = "https://heng.example"

    Mail().send(Recipient("顾念安", "hr@chengyao.example", "zh-hans"), WORDS, "message:7:3:mail")

    (letter,) = mail.outbox
    assert letter.to == ["hr@chengyao.example"]
    assert letter.subject == "Correction needed"
    assert letter.body == f"{WORDS.text}\n\nhttps://heng.example\n"
    assert letter.extra_headers == {"Message-ID": "<message.7.3.mail@heng.example>"}


def test_a_person_without_an_address_gets_no_letter():
    Mail().send(Recipient("顾念安", "", "zh-hans"), WORDS, "message:7:3:mail")

    assert mail.outbox == []


def test_a_channel_is_one_line_in_the_settings(settings):
    settings.HENG_CHANNELS = {"mail": "workflows.notifications.mail.Mail"}

    assert list(names()) == ["mail"]
    assert isinstance(channel("mail"), Mail)
