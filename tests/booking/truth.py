"""What must hold of bookings whatever happened: counted from the tables, not through the engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise

from palveluverkko.booking import outlets, projection
from palveluverkko.booking.models import Booking, Claim, FreeDay, StaleDay

TAKING = ("held", "confirmed", "arrived", "serving", "served", "no_show")


def doubles() -> int:
    """Pairs of claims of one resource that overlap; the database should refuse every one."""
    spans: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for resource, start, end in Claim.objects.values_list("resource_id", "start", "end"):
        spans[resource].append((start, end))
    found = 0
    for taken in spans.values():
        taken.sort()
        found += sum(
            second[0] < first[1] for first, second in pairwise(taken)
        )  # fmt: skip
    return found


def wrongly_claimed() -> list[int]:
    """Bookings that take other than what they need, or anything when they need nothing."""
    kinds: dict[int, Counter[str]] = defaultdict(Counter)
    outside: set[int] = set()
    rows = Claim.objects.select_related("booking", "resource")
    for claim in rows:
        kinds[claim.booking_id][claim.resource.kind] += 1
        if claim.start > claim.booking.start or claim.end < claim.booking.end:
            outside.add(claim.booking_id)
    wrong = {b.pk for b in Booking.objects.all() if kinds[b.pk] != needed(b)}
    return sorted(wrong | outside)


def needed(booking: Booking) -> Counter[str]:
    if booking.state not in TAKING:
        return Counter()
    kinds = Counter(adviser=booking.advisers)
    if booking.mode == "appointment":
        kinds["desk"] = 1
    if booking.mode == "video_room":
        kinds["room"] = 1
    if booking.interpreter:
        kinds["interpreter"] = 1
    return kinds


def false_days(keys: Iterable[tuple[str, date]]) -> list[tuple[str, date]]:
    """Days whose projection says other than the truth, though nothing calls it stale."""
    found = []
    for outlet, day in keys:
        if StaleDay.objects.filter(outlet=outlet, day=day).exists():
            continue
        stored = FreeDay.objects.filter(outlet=outlet, day=day)
        shown = set(stored.values_list("mode", "service", "starts"))
        loaded = outlets.load([outlet], day, day)
        rows = projection.day_rows(loaded, outlet, day)
        if shown != {(row.mode, row.service, row.starts) for row in rows}:
            found.append((outlet, day))
    return found
