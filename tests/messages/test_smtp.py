"""E-mail through a real SMTP server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.models import Message, State
from palveluverkko.messages.services import Attachment
from tests.messages.conftest import LETTERS, NOW, queued

pytestmark = pytest.mark.django_db


class Server:
    """Keeps what it gets; ``rcpt`` and ``data`` are the replies, ``None`` hangs up."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.rcpt: str = "250 OK"
        self.data: str | None = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        self.got.append(envelope.content)
        if self.data is None:
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        return self.data


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    handler = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.MESSAGES_ADAPTERS = {**settings.MESSAGES_ADAPTERS, "email": "smtp"}
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield handler
    controller.stop()


def send(**changes: object) -> Message:
    message = queued(channel="email", address="aino@example.org", **changes)
    deliver_due(now=NOW)
    message.refresh_from_db()
    return message


def test_every_letter_arrives(server: Server) -> None:
    calendar = f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:{LETTERS}\r\n".encode()
    attachment = Attachment(f"{LETTERS}.ics", "text/calendar", calendar)
    message = send(subject=LETTERS, text=f"{LETTERS}\n{'x' * 2000}\n", attachments=(attachment,))
    assert message.state == State.SENT
    mail = message_from_bytes(server.got[0], policy=policy.default)
    assert mail["Subject"].strip() == LETTERS
    text, ics = mail.iter_parts()
    assert text.get_content().splitlines() == [LETTERS, "x" * 2000]
    assert ics["Content-Type"].params["method"] == "REQUEST"
    assert ics.get_payload(decode=True) == calendar
    assert ics.get_filename() == f"{LETTERS}.ics"


@pytest.mark.parametrize(
    ("rcpt", "data", "state", "why"),
    [
        ("550 no such user", "250 OK", State.FAILED, "bad_address"),
        ("450 greylisted", "250 OK", State.QUEUED, "unreachable"),
        ("250 OK", "554 looks like spam", State.FAILED, "refused"),
        ("250 OK", "452 no room", State.QUEUED, "unreachable"),
        ("250 OK", None, State.UNCLEAR, "interrupted"),
    ],
)
def test_the_reply_decides(server, rcpt, data, state, why) -> None:
    server.rcpt, server.data = rcpt, data
    message = send()
    assert (message.state, message.why) == (state, why)


def test_the_message_id_is_the_same_at_every_attempt(server: Server) -> None:
    server.data = "451 later"
    send()
    server.data = "250 OK"
    deliver_due(now=NOW + timedelta(minutes=1))
    first, second = (message_from_bytes(content) for content in server.got)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert Message.objects.get().state == State.SENT


def test_what_was_cut_off_after_the_text_is_never_sent_by_itself_again(server: Server) -> None:
    server.data = None
    send()
    server.data = "250 OK"
    for days in range(1, 4):
        deliver_due(now=NOW + timedelta(days=days))
    assert len(server.got) == 1


def test_a_server_that_is_away_costs_nothing_but_time(server: Server, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 9
    assert send().state == State.QUEUED
    settings.EMAIL_PORT = port
    deliver_due(now=NOW + timedelta(minutes=1))
    assert Message.objects.get().state == State.SENT
