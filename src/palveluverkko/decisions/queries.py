"""What pages and programs ask of assessments."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Max
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


@lru_cache(maxsize=4)
def _day_after_newest_report(_revision: int) -> date | None:
    newest = DayReport.objects.aggregate(newest=Max("date"))["newest"]
    return None if newest is None else newest + timedelta(days=1)


def default_as_of() -> date:
    """The day after the newest report, today at the latest; today where nothing was reported.

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
