"""What customers and advisers saw in the day, written down by them; no look at the records."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass
class Called:
    """One web call or video: its token, what the page last said, and how the customer went."""

    token: str
    channel: str
    came: datetime
    last_word: str = "waiting"
    went: str = ""  # left, vanished, callback: what the customer did themselves
    reached: bool = False  # heard an adviser


@dataclass
class Asked:
    """One callback request: the number under which it was confirmed, and what was asked of it."""

    phone: str
    reference: str
    link: str
    start: str  # the time that was chosen first
    changes: int = 0
    cancelled: bool = False  # the page said so
    heading: str = ""  # of its page at the end of the day

    @property
    def pk(self) -> int:
        return int(self.reference[1:])


@dataclass
class Talk:
    """An adviser in contact, from when the page showed it until just before it was ended."""

    adviser: int
    what: str  # "contact 5" or "request 7"
    began: float
    ended: float = 0.0
    outcome: str = ""  # empty while it goes on; "vanished" where the adviser's page went
    attempt: int = 0  # of a callback, as the page names it


@dataclass
class Ledger:
    calls: list[Called] = field(default_factory=list)
    blocked: Counter[str] = field(default_factory=Counter)
    asked: list[Asked] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    talks: list[Talk] = field(default_factory=list)
    pressed: Counter[str] = field(default_factory=Counter)

    def begin(self, adviser: int, what: str, attempt: int = 0) -> Talk:
        talk = Talk(adviser, what, time.monotonic(), attempt=attempt)
        self.talks.append(talk)
        return talk

    def end(self, talk: Talk, outcome: str) -> None:
        talk.ended, talk.outcome = time.monotonic(), outcome

    def at_once(self, key: str) -> list[str]:
        """Two talks of one ``adviser``, or about one ``what``, that went on at the same time."""
        by: dict[Any, list[Talk]] = defaultdict(list)
        for talk in self.talks:
            by[getattr(talk, key)].append(talk)
        found = []
        for name, talks in by.items():
            talks.sort(key=lambda t: t.began)
            for first, second in itertools.pairwise(talks):
                if (first.ended or float("inf")) > second.began:
                    found.append(f"{key} {name}: {first} {second}")
        return found


class Inbox:
    """The text messages that went out, as the customers' telephones got them."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "outbox" / "sms"
        self._read: set[str] = set()
        self.messages: dict[str, list[dict[str, str]]] = defaultdict(list)

    def of(self, phone: str) -> list[dict[str, str]]:
        self.look()
        return self.messages[phone]

    def look(self) -> None:
        if not self._folder.exists():
            return
        for file in self._folder.iterdir():
            if file.name not in self._read:
                self._read.add(file.name)
                message = json.loads(file.read_text(encoding="utf-8"))
                self.messages[message["to"]].append(message)
