"""What day it is where the agency works."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from palveluverkko.calendar import iso_monday
from palveluverkko.network.models import Agency


def today() -> date:
    """The agency's own date now; UTC where no agency is registered yet."""
    zone = Agency.objects.order_by("code").values_list("timezone", flat=True).first()
    return timezone.localdate(timezone=ZoneInfo(zone or "UTC"))


def last_finished_monday(day: date) -> date:
    """The Monday of the newest ISO week that was over when ``day`` began."""
    return iso_monday(day) - timedelta(weeks=1)
