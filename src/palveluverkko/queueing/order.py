"""Who is next at a desk: one pool of walk-ins and booked customers over all channels.

Four ranks: owed a turn; booked and due; by place, where urgency counts as minutes waited; booked
for later. Owed is who was passed over as often as allowed, and who is booked and kept waiting. The
first bounds overtaking. Between the two the waits decide, a booked customer's minutes counting more
(accumulating priority: Stanford, Taylor & Ziedins 2014): neither starves, however many come.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from palveluverkko.queueing.model import Adviser, Choice, Reason, Rules, Unserved, Waiting

DEFAULT = Rules()
Key = tuple[int, datetime, datetime, int, str]


def next_customer(
    waiting: Iterable[Waiting], now: datetime, adviser: Adviser, rules: Rules = DEFAULT
) -> Choice | None:
    """The customer whom ``adviser`` should serve now; ``None`` when nobody who fits is ready."""
    ready = [w for w in waiting if is_ready(w, now) and fits(w, adviser)]
    if not ready:
        return None
    first = min(ready, key=lambda w: _key(w, now, rules))
    passed = passed_by(first, ready, now, adviser)
    return Choice(
        ref=first.ref,
        reason=_reason(first, now, rules, bool(passed)),
        waited_minutes=_minutes(now - first.since),
        late_minutes=None if first.booked_at is None else _minutes(now - first.booked_at),
        passed_over=first.passed_over,
        passes=tuple(w.ref for w in passed),
    )


def passed_by(
    chosen: Waiting, waiting: Iterable[Waiting], now: datetime, adviser: Adviser
) -> tuple[Waiting, ...]:
    """Those with an earlier place whom ``adviser`` could serve now instead of ``chosen``."""
    earlier = (w for w in waiting if _place(w) < _place(chosen))
    return tuple(sorted((w for w in earlier if is_ready(w, now) and fits(w, adviser)), key=_place))


def is_ready(customer: Waiting, now: datetime) -> bool:
    """Here (or, for a call, due), and not asked to come back later."""
    return customer.since <= now and (customer.not_before is None or customer.not_before <= now)


def fits(customer: Waiting, adviser: Adviser) -> bool:
    """The adviser has the service, language and mode, and is the one asked for if any is."""
    return (
        customer.service in adviser.services
        and (not customer.language or customer.language in adviser.languages)
        and (not adviser.modes or customer.mode in adviser.modes)
        and (customer.urgent or not adviser.urgent_only)
        and customer.only_adviser in (None, adviser.ref)
    )


def cannot_be_served(
    waiting: Iterable[Waiting], advisers: Iterable[Adviser]
) -> tuple[Unserved, ...]:
    """Those whom none of the advisers at work fits: somebody must tell them, or find help."""
    at_work = tuple(advisers)
    services = {s for a in at_work for s in a.services}
    languages = {code for a in at_work for code in a.languages}
    return tuple(
        Unserved(
            ref=w.ref,
            no_service=w.service not in services,
            no_language=bool(w.language) and w.language not in languages,
            no_mode=not any(not a.modes or w.mode in a.modes for a in at_work),
        )
        for w in waiting
        if not any(fits(w, a) for a in at_work)
    )


class _Rank:
    OWED, DUE, BY_PLACE, EARLY = range(4)


def _rank(customer: Waiting, now: datetime, rules: Rules) -> int:
    if customer.passed_over >= rules.passed_over_most or _kept(customer, now, rules):
        return _Rank.OWED
    if customer.booked_at is None or _came_late(customer, rules):
        return _Rank.BY_PLACE
    if now >= customer.booked_at - timedelta(minutes=rules.grace_minutes):
        return _Rank.DUE
    return _Rank.EARLY


def _kept(customer: Waiting, now: datetime, rules: Rules) -> bool:
    """Booked, here in time, and kept waiting past the booked time."""
    if customer.booked_at is None or _came_late(customer, rules):
        return False
    return now - customer.booked_at >= timedelta(minutes=rules.kept_minutes)


def _came_late(customer: Waiting, rules: Rules) -> bool:
    late = timedelta(minutes=rules.late_minutes)
    return customer.booked_at is not None and customer.since > customer.booked_at + late


def _place(customer: Waiting) -> tuple[datetime, int, str]:
    """Where the customer stands: by arrival, and who booked never before the booked time."""
    place = (
        customer.since if customer.booked_at is None else max(customer.since, customer.booked_at)
    )
    return place, customer.order, customer.ref


def _key(customer: Waiting, now: datetime, rules: Rules) -> Key:
    rank = _rank(customer, now, rules)
    place, order, ref = _place(customer)
    counted = place
    if customer.booked_at is not None and _kept(customer, now, rules):
        counted = now - rules.kept_weight * (now - customer.booked_at)
    elif rank == _Rank.BY_PLACE and customer.urgent:
        counted = place - timedelta(minutes=rules.urgent_minutes)
    elif rank in (_Rank.DUE, _Rank.EARLY) and customer.booked_at is not None:
        counted = customer.booked_at
    return rank, counted, place, order, ref


def _reason(first: Waiting, now: datetime, rules: Rules, passes: bool) -> Reason:
    rank = _rank(first, now, rules)
    if rank == _Rank.DUE or _kept(first, now, rules):
        return Reason.AT_ITS_TIME
    if rank == _Rank.OWED:
        return Reason.PASSED_OVER
    if rank == _Rank.EARLY:
        return Reason.EARLY
    return Reason.URGENT if first.urgent and passes else Reason.LONGEST


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
