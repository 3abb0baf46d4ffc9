"""Contacts served through nationwide channels (video from home, phone), by day and service."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F

from palveluverkko.demand.models import ChannelContacts


def add_channel_contact(channel: str, service: str, day: date) -> None:
    """Count one customer more; two at the same moment both count."""
    with transaction.atomic():
        if _add(channel, service, day, 1):
            return
        _row, made = ChannelContacts.objects.get_or_create(
            channel=channel, date=day, service_id=service, defaults={"contacts": 1}
        )
        if not made:
            _add(channel, service, day, 1)


def take_back_channel_contact(channel: str, service: str, day: date) -> None:
    """Count one fewer: a press by mistake; nothing below zero."""
    _add(channel, service, day, -1)


def _add(channel: str, service: str, day: date, step: int) -> int:
    rows = ChannelContacts.objects.filter(channel=channel, date=day, service_id=service)
    if step < 0:
        rows = rows.filter(contacts__gte=-step)
    return rows.update(contacts=F("contacts") + step)
