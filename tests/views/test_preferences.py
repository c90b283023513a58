"""How a reader likes to read is remembered in their own browser."""

import pytest
from django.test import Client
from django.urls import reverse


def test_large_text_is_remembered_and_leads_back(client: Client) -> None:
    response = client.post(reverse("text_size"), {"size": "large", "next": "/notices/"})

    assert (response.status_code, response["Location"]) == (302, "/notices/")
    assert response.cookies["text_size"].value == "large"
    assert response.cookies["text_size"]["httponly"]


def test_normal_text_forgets_the_choice(client: Client) -> None:
    client.post(reverse("text_size"), {"size": "large"})

    response = client.post(reverse("text_size"), {"size": "normal"})

    assert response.cookies["text_size"]["max-age"] == 0


def test_shortcuts_can_be_switched_off(client: Client) -> None:
    response = client.post(reverse("shortcuts"), {"shortcuts": "off"})

    assert response.cookies["shortcuts"].value == "off"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "", "\\\\evil"])
def test_a_foreign_way_back_leads_home(client: Client, address: str) -> None:
    response = client.post(reverse("text_size"), {"size": "large", "next": address})

    assert response["Location"] == reverse("home")


@pytest.mark.parametrize("name", ["text_size", "shortcuts"])
def test_a_choice_is_made_only_by_posting(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 405


def test_a_chosen_size_reaches_every_page(client: Client) -> None:
    client.post(reverse("text_size"), {"size": "large"})

    response = client.get(reverse("components"))

    assert 'data-size="large"' in response.content.decode()
