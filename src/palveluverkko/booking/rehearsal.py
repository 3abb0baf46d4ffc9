"""What an absence would do to bookings, found by doing it and taking all of it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from palveluverkko.booking import closures
from palveluverkko.booking.models import Affected, Resource


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """So many bookings: ``kept`` by colleagues, and the rest need another time."""

    total: int
    kept: int

    @property
    def to_do(self) -> int:
        return self.total - self.kept


def rehearse_absence(person: Resource, start: datetime, end: datetime) -> Rehearsed:
    """The real thing in a transaction that is rolled back: nobody is told, nothing is kept.

    It changes nothing of the register, whose cached readings go by a counter of its changes.
    """
    with transaction.atomic():
        closure = closures.absence(person, start, end, key=f"rehearsal:{person.pk}:{start}")
        states = list(closure.affected.values_list("state", flat=True))
        transaction.set_rollback(True)
    return Rehearsed(len(states), states.count(Affected.State.REASSIGNED))
