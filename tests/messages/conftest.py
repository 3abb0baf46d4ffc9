"""An outbox below the test's own folder, adapters that do as they are told, a clock to move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from palveluverkko.messages import adapters
from palveluverkko.messages.adapters import Outgoing
from palveluverkko.messages.models import Message
from palveluverkko.messages.services import queue_message

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTERS = "á č đ ŋ š ŧ ž â õ ʹ ǩ ǯ"


class Scripted:
    """Does what the script says, one step for each message; after its end everything arrives."""

    name = "scripted"

    def __init__(self, *steps: BaseException | None, idempotent: bool = True) -> None:
        self.steps = list(steps)
        self.idempotent = idempotent
        self.got: list[Outgoing] = []

    def send(self, message: Outgoing) -> None:
        self.got.append(message)
        step = self.steps.pop(0) if self.steps else None
        if step is not None:
            raise step


@pytest.fixture(autouse=True)
def outbox(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path / "outbox"


@pytest.fixture
def use(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[Scripted], Scripted]:
    """Send every channel through the given adapter."""

    def through(adapter: Scripted) -> Scripted:
        for channel in adapters.ADAPTERS:
            monkeypatch.setitem(adapters.ADAPTERS[channel], "scripted", lambda: adapter)
        settings.MESSAGES_ADAPTERS = dict.fromkeys(adapters.ADAPTERS, "scripted")
        return adapter

    return through


def queued(
    event: str = "booking:1:confirmed:sms", at: datetime = NOW, **changes: object
) -> Message:
    """A message that has waited since ``at``."""
    content: dict[str, object] = {
        "event": event,
        "channel": "sms",
        "address": "+358401234567",
        "language": "fi",
        "subject": "Ajanvaraus",
        "text": "Aikanne on varattu.",
        "about": "booking:1",
    }
    message = queue_message(**{**content, **changes})  # type: ignore[arg-type]
    Message.objects.filter(pk=message.pk).update(next_attempt_at=at, created_at=at)
    message.refresh_from_db()
    return message
