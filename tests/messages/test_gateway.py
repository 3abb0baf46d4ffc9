"""Text messages and letters through a real HTTP server on this machine."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from palveluverkko.messages.adapters import problems
from palveluverkko.messages.delivery import LEASE, deliver_due
from palveluverkko.messages.models import Message, State
from palveluverkko.messages.services import Attachment
from tests.messages.conftest import LETTERS, NOW, queued

pytestmark = pytest.mark.django_db


class Service(ThreadingHTTPServer):
    """Answers with ``replies`` in turn (status, headers), then 202; 0 hangs up after reading.

    ``delivered`` holds what reached a person: each key once, as the protocol asks.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies: list[tuple[int, dict[str, str]]] = []
        self.requests: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.delivered: dict[str, dict[str, Any]] = {}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service = self.server
        assert isinstance(service, Service)
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.requests.append((dict(self.headers), body))
        status, headers = service.replies.pop(0) if service.replies else (202, {})
        if status in (0, 202):
            service.delivered.setdefault(self.headers["Idempotency-Key"], body)
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"said the gateway")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    server = Service()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/send"
    settings.MESSAGES_ADAPTERS = {"email": "file", "sms": "http", "letter": "http"}
    settings.SMS_GATEWAY_URL = settings.LETTER_GATEWAY_URL = url
    settings.SMS_GATEWAY_TOKEN = settings.LETTER_GATEWAY_TOKEN = "token-of-the-gateway"
    yield server
    server.shutdown()
    server.server_close()


def send(**changes: object) -> Message:
    message = queued(**changes)
    deliver_due(now=NOW)
    message.refresh_from_db()
    return message


def test_a_text_message_arrives_with_every_letter_and_its_key(service: Service) -> None:
    assert send(text=LETTERS).state == State.SENT
    headers, body = service.requests[0]
    assert (body["to"], body["text"]) == ("+358401234567", LETTERS)
    assert headers["Authorization"] == "Bearer token-of-the-gateway"
    assert len(headers["Idempotency-Key"]) == 64


def test_a_letter_carries_its_pages(service: Service) -> None:
    send(channel="letter", attachments=(Attachment("a.pdf", "application/pdf", b"%PDF\xff"),))
    (page,) = service.requests[0][1]["files"]
    assert base64.b64decode(page["base64"]) == b"%PDF\xff"


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        (400, State.FAILED, "refused"),
        (422, State.FAILED, "bad_address"),
        (401, State.QUEUED, "unreachable"),
        (429, State.QUEUED, "unreachable"),
        (302, State.QUEUED, "unreachable"),
        (500, State.QUEUED, "unreachable"),
    ],
)
def test_the_answer_decides(service, status, state, why) -> None:
    service.replies = [(status, {})]
    message = send()
    assert (message.state, message.why) == (state, why)
    assert message.last_error == f"{status} said the gateway"


def test_a_gateway_that_asks_for_patience_gets_it(service: Service) -> None:
    service.replies = [(429, {"Retry-After": "900"})]
    assert send().next_attempt_at == NOW + timedelta(seconds=900)


def test_silence_after_it_was_taken_leads_to_no_second_message(service: Service) -> None:
    service.replies = [(0, {}), (0, {}), (503, {})]
    send()
    at = NOW
    for _ in range(4):
        at += timedelta(hours=1)
        deliver_due(now=at)
    assert len(service.requests) == 4
    assert len(service.delivered) == 1
    assert Message.objects.get().state == State.SENT


def test_a_sender_killed_while_waiting_for_the_answer_leads_to_no_second_message(service):
    message = send()
    Message.objects.update(state=State.SENDING, lease_until=NOW + LEASE)  # killed before marking
    deliver_due(now=NOW + LEASE)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert (len(service.requests), len(service.delivered)) == (2, 1)


def test_wrong_settings_are_told_before_anything_is_sent(settings: Any) -> None:
    settings.MESSAGES_ADAPTERS = {"email": "smtp", "sms": "http", "letter": "pigeon"}
    settings.EMAIL_HOST = settings.SMS_GATEWAY_URL = ""
    assert [problem.split(" is ")[0] for problem in problems()] == [
        "MESSAGES_EMAIL", "MESSAGES_SMS", "MESSAGES_LETTER",
    ]  # fmt: skip
