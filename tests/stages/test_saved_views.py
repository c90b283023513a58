"""Views that are kept: as long as an address may be, and no longer."""

from urllib.parse import urlencode

import pytest

from workflows.errors import ViewTooLong
from workflows.models import SavedView, User
from workflows.stages import saved_views

pytestmark = pytest.mark.django_db
WORD = "企" * 60  # nine characters a letter in an address


@pytest.fixture
def person() -> User:
    """Somebody with an account."""
    return User.objects.create(username="window", name="程可欣")


def test_a_view_keeps_chinese_words_whole(person: User) -> None:
    query = urlencode({"q": WORD, "f_org_name": WORD})

    saved_views.keep("长", queue="mine", query=query, by=person)

    assert SavedView.objects.get().query == query


def test_a_view_that_no_address_could_hold_is_refused(person: User) -> None:
    query = urlencode({f"f_{number}": WORD for number in range(6)})

    with pytest.raises(ViewTooLong):
        saved_views.keep("更长", queue="mine", query=query, by=person)

    assert not SavedView.objects.exists()
