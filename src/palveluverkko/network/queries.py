"""What other parts may ask of the register, for any past or future day."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from palveluverkko.network.models import ServicePoint, valid_on
from palveluverkko.network.timetables import holiday_calendar, timetables

__all__ = ["holiday_calendar", "points_in_force", "timetables"]


def points_in_force(day: date) -> QuerySet[ServicePoint]:
    """Points of every kind that exist on ``day``."""
    return ServicePoint.objects.filter(valid_on(day))
