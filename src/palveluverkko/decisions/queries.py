"""What pages and programs ask of assessments."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from palveluverkko.decisions.policies import get_policy
from palveluverkko.decisions.runs import compute
from palveluverkko.demand.models import DayReport
from palveluverkko.network import revision
from palveluverkko.network.models import ServicePoint

# Days that may be asked for. Further out, counting weeks back or hours ahead leaves the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

Key = tuple[str, str, date, int]
_cache: OrderedDict[Key, dict[str, Any]] = OrderedDict()
_lock = threading.Lock()
CACHED_REPORTS = 16


# A day counts as reported when this share of the points did that report on the fullest day: the
# first visit that one desk counts today must not move every figure of the network to today.
REPORTED_SHARE = 0.25


@lru_cache(maxsize=4)
def _day_after_newest_report(_revision: int) -> date | None:
    by_day = DayReport.objects.order_by().values("date").annotate(points=Count("point_id"))
    counts: dict[date, int] = {row["date"]: row["points"] for row in by_day}
    if not counts:
        return None
    enough = REPORTED_SHARE * max(counts.values())
    return max(day for day, points in counts.items() if points >= enough) + timedelta(days=1)


def default_as_of() -> date:
    """The day after the newest day that the network reported, today at the latest; today where
    nothing was reported.

    A planner who opens the page wants the newest assessment that the data can bear.
    """
    today = timezone.localdate()
    if settings.DEFAULT_AS_OF:
        return settings.DEFAULT_AS_OF
    return min(_day_after_newest_report(revision.current()) or today, today)


def report(policy_id: str | None = None, as_of: date | None = None) -> dict[str, Any]:
    """The assessment document, computed once per policy, date and state of the data.

    Callers must not change what they get. Raises ``PolicyNotFound`` or ``PolicyInvalid``.
    """
    policy = get_policy(policy_id or settings.DEFAULT_POLICY)
    day = as_of or default_as_of()
    key = (policy.policy.id, policy.policy.hash, day, revision.current())
    with _lock:
        if key not in _cache:
            _cache[key] = compute(policy, day)[1]
            while len(_cache) > CACHED_REPORTS:
                _cache.popitem(last=False)
        _cache.move_to_end(key)
        return _cache[key]


def clear_cache() -> None:
    """Forget computed reports (tests, which reset the change counter, need it)."""
    with _lock:
        _cache.clear()
    _day_after_newest_report.cache_clear()


def has_network() -> bool:
    """Whether any point is registered: pages show how to load one otherwise."""
    return ServicePoint.objects.exists()
