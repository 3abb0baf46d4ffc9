"""The pool of remote work event by event: who is next for an adviser, which adviser for a contact.

The order is that of ``order.next_customer``; here each rank of each service, language and channel
is a heap, so that an event costs the logarithm of those who wait and not their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from palveluverkko.queueing.heaps import Heap
from palveluverkko.queueing.model import Adviser, Rules, Waiting
from palveluverkko.queueing.order import DEFAULT, fits

Place = tuple[datetime, int, str]
Idle = tuple[int, datetime, str]
Line = tuple[str, str, str]  # service, language, channel
OWED, URGENT, PLAIN = range(3)


@dataclass(frozen=True, slots=True)
class Ready:
    """An adviser without a contact, and since when."""

    adviser: Adviser
    since: datetime


def best_adviser(contact: Waiting, ready: Iterable[Ready]) -> Ready | None:
    """Who fits with the fewest other skills, and of these the longest idle.

    Who can do more is kept for those whom only they can serve: so nobody waits for a language
    because its speakers were given what others could do.
    """
    return min((r for r in ready if fits(contact, r.adviser)), key=_idle, default=None)


def _idle(ready: Ready) -> Idle:
    return breadth(ready.adviser), ready.since, ready.adviser.ref


def breadth(adviser: Adviser) -> int:
    """In how many lines, of a service in a language, the adviser can serve."""
    return len(adviser.services) * len(adviser.languages)


class Router:
    """Who waits and who is ready. Bookings and agreed returns belong to a point's desk, not here.

    Taking somebody counts those passed over, each at most ``rules.passed_over_most`` times before
    being owed the next free adviser: all the counting costs a constant a contact.
    """

    def __init__(self, rules: Rules = DEFAULT) -> None:
        self.rules = rules
        self._waiting: dict[str, Waiting] = {}
        self._lines: dict[Line, tuple[Heap[Place], Heap[Place], Heap[Place]]] = {}
        self._channels: set[str] = set()
        self._ready: dict[str, Ready] = {}
        self._idle: dict[Line, Heap[Idle]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def enter(self, contact: Waiting) -> None:
        """Begin, or begin again, to wait at the contact's place."""
        if contact.booked_at or contact.not_before or contact.only_adviser:
            raise ValueError(f"{contact.ref}: bookings wait at a desk")
        self.leave(contact.ref)
        self._waiting[contact.ref] = contact
        self._channels.add(contact.mode)
        line = (contact.service, contact.language, contact.mode)
        heaps = self._lines.setdefault(line, (Heap(), Heap(), Heap()))
        heaps[self._rank(contact)].push(contact.ref, _place(contact))

    def leave(self, ref: str) -> Waiting | None:
        """Wait no more: served, given up, or gone to a callback."""
        contact = self._waiting.pop(ref, None)
        if contact is not None:
            line = (contact.service, contact.language, contact.mode)
            self._lines[line][self._rank(contact)].discard(ref)
        return contact

    def ready(self, adviser: Adviser, since: datetime) -> None:
        """The adviser is free from ``since`` on."""
        self.busy(adviser.ref)
        self._ready[adviser.ref] = found = Ready(adviser, since)
        for line in _adviser_lines(adviser):
            self._idle.setdefault(line, Heap()).push(adviser.ref, _idle(found))

    def busy(self, ref: str) -> None:
        """The adviser is not free any more."""
        found = self._ready.pop(ref, None)
        if found is not None:
            for line in _adviser_lines(found.adviser):
                self._idle[line].discard(ref)

    def take_for(self, adviser: Adviser) -> Waiting | None:
        """Take the first by the rules out of the queue; those with an earlier place are passed."""
        lines = [self._lines[line] for line in self._lines_of(adviser)]
        chosen = self._first(lines)
        if chosen is None:
            return None
        self.leave(chosen.ref)
        bound = _place(chosen)
        for heaps in lines:
            for ref in {*heaps[URGENT].before(bound), *heaps[PLAIN].before(bound)}:
                passed = self._waiting[ref]
                self._count(replace(passed, passed_over=passed.passed_over + 1))
        return chosen

    def _count(self, contact: Waiting) -> None:
        """The same contact with another count: moved only where that makes it owed."""
        if self._rank(contact) == self._rank(self._waiting[contact.ref]):
            self._waiting[contact.ref] = contact
        else:
            self.enter(contact)

    def adviser_for(self, contact: Waiting) -> Adviser | None:
        """The best of those ready; see :func:`best_adviser`."""
        lines = ((contact.service, contact.language, m) for m in (contact.mode, ""))
        firsts = [f for line in lines if line in self._idle and (f := self._idle[line].first())]
        return self._ready[min(firsts)[-1]].adviser if firsts else None

    def pairs(self) -> Iterator[tuple[Waiting, Adviser]]:
        """Match until nobody who waits fits anybody ready; each pair is taken out."""
        for ready in sorted(self._ready.values(), key=_idle):
            contact = self.take_for(ready.adviser)
            if contact is not None:
                self.busy(ready.adviser.ref)
                yield contact, ready.adviser

    def _first(self, lines: list[tuple[Heap[Place], Heap[Place], Heap[Place]]]) -> Waiting | None:
        owed = [first for heaps in lines if (first := heaps[OWED].first())]
        if owed:
            return self._waiting[min(owed)[-1]]
        urgent = [first for heaps in lines if (first := heaps[URGENT].first())]
        plain = [first for heaps in lines if (first := heaps[PLAIN].first())]
        ahead = timedelta(minutes=self.rules.urgent_minutes)
        counted = [(since - ahead, since, order, ref) for since, order, ref in urgent]
        counted += [(since, since, order, ref) for since, order, ref in plain]
        return self._waiting[min(counted)[-1]] if counted else None

    def _lines_of(self, adviser: Adviser) -> Iterator[Line]:
        channels = adviser.modes or self._channels
        for line in product(adviser.services, (*adviser.languages, ""), channels):
            if line in self._lines:
                yield line

    def _rank(self, contact: Waiting) -> int:
        if contact.passed_over >= self.rules.passed_over_most:
            return OWED
        return URGENT if contact.urgent else PLAIN


def _place(contact: Waiting) -> Place:
    return contact.since, contact.order, contact.ref


def _adviser_lines(adviser: Adviser) -> Iterator[Line]:
    """No channel: every one. No language: a contact whom any will do."""
    return product(adviser.services, (*adviser.languages, ""), adviser.modes or ("",))
