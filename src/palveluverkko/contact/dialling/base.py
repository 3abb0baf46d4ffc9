"""What a dialler gets and what it must do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Dial:
    """One call to make: ``to`` in E.164, for the adviser whose user name the exchange knows."""

    key: str
    to: str
    adviser: str
    reference: str


class Dialler(Protocol):
    """The same ``key`` twice rings once.

    ``rings``: something else dials, on the adviser's own telephone. ``in_page``: the desk's page
    is the telephone. Neither: the adviser presses the number's link.
    """

    name: str
    rings: bool
    in_page: bool

    def dial(self, call: Dial) -> None:
        """Hand the call over; raises :class:`DialFailed`."""
        ...


def key_of(attempt_id: int) -> str:
    """The same for every press of one attempt."""
    return hashlib.sha256(f"callback-attempt:{attempt_id}".encode()).hexdigest()
