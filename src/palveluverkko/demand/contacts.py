"""Contacts served through nationwide channels (video from home, phone), by day and service.

Where the customer told a postal code, also by population area: so it is measured, not assumed, who
of a town is served remotely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Sum
from django.db.models.functions import TruncMonth

from palveluverkko.demand.models import AreaContacts, ChannelContacts
from palveluverkko.network.models import Area

COUNTRY_SECONDS = 600  # a sum over a year of the whole country is not made for every page


def add_channel_contact(channel: str, service: str, day: date, area: str = "") -> None:
    """Count one customer more; two at the same moment both count.

    ``area``: the code of a population area; one that is not in the register is unknown.
    """
    where = {"channel": channel, "date": day, "service_id": service}
    with transaction.atomic():
        _count(ChannelContacts, where)
        if area and Area.objects.filter(pk=area).exists():
            _count(AreaContacts, where | {"area": area})


def take_back_channel_contact(channel: str, service: str, day: date, area: str = "") -> None:
    """Count one fewer: a press by mistake; nothing below zero."""
    where = {"channel": channel, "date": day, "service_id": service}
    with transaction.atomic():
        _add(ChannelContacts, where, -1)
        if area:
            _add(AreaContacts, where | {"area": area}, -1)


@dataclass(frozen=True, slots=True)
class Remote:
    """Contacts of one municipality's customers by channel. ``told`` of ``served`` contacts, in the
    whole country, came with a known area: the rest could be from here too.
    """

    by_channel: Mapping[str, int]
    told: int
    served: int


def remote_contacts(municipality: str, first: date, last: date) -> Remote | None:
    """Who was served remotely from a municipality on ``first`` to ``last``; ``None``: unknown,
    because of nobody's contacts in those days the area is known.
    """
    key = f"remote-contacts:{first}:{last}"
    known, served = cache.get(key) or _in_all(first, last)
    cache.set(key, (known, served), COUNTRY_SECONDS)
    if not known:
        return None
    told = AreaContacts.objects.filter(date__gte=first, date__lte=last)
    areas = Area.objects.filter(municipality=municipality).values("code")
    here = told.filter(area__in=areas).order_by().values_list("channel").annotate(Sum("contacts"))
    return Remote(dict(here), known, served)


@dataclass(frozen=True, slots=True)
class RemoteMonth:
    """As :class:`Remote`, of one calendar month; ``None``: nobody's area is known of that month."""

    month: date
    by_channel: Mapping[str, int] | None
    told: int
    served: int


def remote_months(municipality: str, first: date, before: date) -> list[RemoteMonth]:
    """Each month from ``first`` to the one before ``before``, both first days of months."""
    areas = Area.objects.filter(municipality=municipality).values("code")
    days = {"date__gte": first, "date__lt": before}
    here: dict[date, dict[str, int]] = {}
    rows = AreaContacts.objects.filter(area__in=areas, **days).order_by()
    for month, channel, n in _by_month(rows, "channel"):
        here.setdefault(month, {})[channel] = n
    told = dict(_by_month(AreaContacts.objects.filter(**days).order_by()))
    served = dict(_by_month(ChannelContacts.objects.filter(**days).order_by()))
    return [
        RemoteMonth(
            month, here.get(month, {}) if told.get(month) else None, told.get(month, 0), all_served
        )
        for month, all_served in sorted(served.items())
    ]


def _by_month(rows: Any, *more: str) -> Any:
    return rows.annotate(m=TruncMonth("date")).values_list("m", *more).annotate(n=Sum("contacts"))


def _in_all(first: date, last: date) -> tuple[int, int]:
    """Contacts of the whole country: those with a known area, and all."""
    days = {"date__gte": first, "date__lte": last}
    told = AreaContacts.objects.filter(**days).aggregate(n=Sum("contacts"))["n"] or 0
    served = ChannelContacts.objects.filter(**days).aggregate(n=Sum("contacts"))["n"] or 0
    return told, served


Table = type[ChannelContacts] | type[AreaContacts]


def _count(table: Table, where: Mapping[str, object]) -> None:
    if _add(table, where, 1):
        return
    _row, made = table.objects.get_or_create(**where, defaults={"contacts": 1})
    if not made:
        _add(table, where, 1)


def _add(table: Table, where: Mapping[str, object], step: int) -> int:
    rows = table.objects.filter(**where)
    if step < 0:
        rows = rows.filter(contacts__gte=-step)
    return rows.update(contacts=F("contacts") + step)
