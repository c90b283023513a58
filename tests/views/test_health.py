"""The page load balancers ask."""

import pytest
from django.db import DatabaseError, connection


@pytest.mark.django_db
def test_a_process_with_a_database_is_healthy(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_process_without_its_database_says_so(client, monkeypatch):
    def refuse() -> None:
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr(connection, "cursor", refuse)
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (503, b"database unreachable\n")


@pytest.mark.django_db
def test_health_is_only_read(client):
    assert client.post("/healthz").status_code == 405
