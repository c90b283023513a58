"""Short messages: what the gateway is sent, and what counts as taken."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from pytest_django import Settings

from workflows.notifications.channels import Recipient
from workflows.notifications.sentence import Words
from workflows.notifications.sms import GatewayRefused, Sms

WORDS = Words(
    "需要补正", "您的申请 RONGHE-2026-000001 需要补正。", "评价本次服务：https://heng.example/"
)
GU = Recipient("顾念安", "", "zh-hans", "13800000000")


class Gateway(BaseHTTPRequestHandler):
    """Takes down what it is sent and answers what the test wants."""

    status: ClassVar[int] = 200
    taken: ClassVar[list[tuple[dict[str, Any], str]]] = []

    def do_POST(self) -> None:
        """One message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append((json.loads(body), self.headers.get("Authorization", "")))
        self.send_response(self.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def do_GET(self) -> None:
        """The page a detour leads to."""
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Settings) -> Iterator[type[Gateway]]:
    """A gateway that listens for the length of a test."""
    Gateway.status, Gateway.taken = 200, []
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/send"
    settings.HENG_SMS = {"url": url, "token_file": ""}
    yield Gateway
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_goes_to_the_gateway_with_an_identity_of_its_own(gateway):
    Sms().send(GU, WORDS, "message:7:3:sms")

    told = {"to": "13800000000", "text": WORDS.text, "id": "message:7:3:sms"}
    assert gateway.taken == [(told, "")]


def test_the_gateway_knows_us_by_the_token_of_a_file(gateway, settings, tmp_path: Path):
    (tmp_path / "token").write_text("open sesame\n", encoding="utf-8")
    settings.HENG_SMS = {**settings.HENG_SMS, "token_file": str(tmp_path / "token")}

    Sms().send(GU, WORDS, "message:7:3:sms")

    assert [token for _told, token in gateway.taken] == ["Bearer open sesame"]


def test_a_person_without_a_telephone_gets_nothing(gateway):
    Sms().send(Recipient("顾念安", "gu@example.com", "zh-hans"), WORDS, "message:7:3:sms")

    assert gateway.taken == []


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_message_the_gateway_did_not_take_is_tried_again(gateway, status):
    gateway.status = status

    with pytest.raises(GatewayRefused):
        Sms().send(GU, WORDS, "message:7:3:sms")


def test_a_gateway_that_is_down_did_not_take_it(settings):
    settings.HENG_SMS = {"url": "http://127.0.0.1:9/send", "token_file": ""}

    with pytest.raises(GatewayRefused):
        Sms().send(GU, WORDS, "message:7:3:sms")
