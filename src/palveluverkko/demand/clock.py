"""What day it is where the agency works."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from palveluverkko.calendar import iso_monday
from palveluverkko.network.models import Agency


def today(zone: str = "") -> date:
    """The date now in a time zone; the agency's where none is given, UTC before there is one."""
    zone = zone or Agency.objects.order_by("code").values_list("timezone", flat=True).first() or ""
    return timezone.localdate(timezone=ZoneInfo(zone or "UTC"))


def last_finished_monday(day: date) -> date:
    """The Monday of the newest ISO week that was over when ``day`` began."""
    return iso_monday(day) - timedelta(weeks=1)
