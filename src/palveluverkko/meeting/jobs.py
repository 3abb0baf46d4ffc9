"""The nightly work: text beside meetings and people's names go, then the meetings themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from palveluverkko.meeting.models import Meeting, MeetingLine, Seat
from palveluverkko.messages.jobs import periodic


@periodic(seconds=3600)
def forget_meetings() -> None:
    forget(timezone.now())


def forget(now: datetime) -> None:
    """Text and names of what is over; meetings as old as customers' names are kept."""
    over = Q(ended_at__isnull=False) | Q(closes_at__lte=now)
    ended = Meeting.objects.filter(over).values("pk")
    MeetingLine.objects.filter(meeting__in=ended).delete()
    Seat.objects.filter(meeting__in=ended).exclude(label="").update(label="")
    Meeting.objects.filter(closes_at__lt=now - timedelta(days=settings.BOOKING_DAYS)).delete()
