"""What an adapter gets and what it must say of itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

SECONDS = 30  # the longest wait for an answer of any service


@dataclass(frozen=True)
class Outgoing:
    """A message on its way out; enclosures are (name, content type, content)."""

    event: str
    key: str
    resends: int
    channel: str
    address: str
    language: str
    subject: str
    text: str
    created_at: datetime
    enclosures: tuple[tuple[str, str, bytes], ...] = ()


class Adapter(Protocol):
    """A way out. ``idempotent``: the same ``key`` twice reaches the person once."""

    name: str
    idempotent: bool

    def send(self, message: Outgoing) -> None:
        """Hand the message over; raises :class:`NotSent` or :class:`OutcomeUnknown`."""
        ...


def key_of(event: str, resends: int) -> str:
    """The same for every attempt at one event; another when a person sends it again."""
    return hashlib.sha256(f"{event}#{resends}".encode()).hexdigest()
