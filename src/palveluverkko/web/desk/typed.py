"""A shift or a weekly roster as a manager typed it, kept where it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from palveluverkko.booking.models import BookingMode, Resource
from palveluverkko.web.desk.dates import read_day, read_time


@dataclass(slots=True)
class Typed:
    """``problem``: what is wrong, in the page's language; ``raw``: the fields as they came."""

    person: Resource | None = None
    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    desk: Resource | None = None
    modes: tuple[str, ...] = ()
    urgent_only: bool = False
    weekdays: tuple[int, ...] = ()
    problem: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)


def plain_text(given: str | None, most: int) -> str:
    """Typed text without the NUL that no browser sends and PostgreSQL refuses."""
    return (given or "").replace("\x00", "")[:most]


def read_shift(post: QueryDict, point_id: str, person: Resource | None = None) -> Typed:
    """The fields of a shift, checked against the register."""
    typed = Typed(
        person=person or _person(post.get("person", "")),
        day=read_day(post.get("day")),
        begins=read_time(post.get("begins")),
        ends=read_time(post.get("ends")),
        desk=_desk(post.get("desk", ""), point_id),
        modes=tuple(m for m in post.getlist("modes") if m in BookingMode.values),
        urgent_only=post.get("urgent_only") == "1",
        weekdays=tuple(int(d) for d in post.getlist("weekdays") if d in tuple("0123456")),
        raw={name: post.get(name, "") for name in ("person", "day", "begins", "ends", "desk")},
    )
    typed.problem = _problem(typed, weekly=False)
    return typed


def read_pattern(post: QueryDict, point_id: str) -> Typed:
    """The fields of a weekly roster: ``day`` is its first day."""
    typed = read_shift(post, point_id)
    typed.problem = _problem(typed, weekly=True)
    return typed


def _problem(typed: Typed, weekly: bool) -> str:
    if typed.person is None:
        return _("Choose a person.")
    if typed.day is None:
        return _("Choose the day.")
    if weekly and not typed.weekdays:
        return _("Choose at least one weekday.")
    if typed.begins is None or typed.ends is None:
        return _("Write when the work begins and ends.")
    if typed.ends <= typed.begins:
        return _("The work ends before it begins.")
    if not typed.modes:
        return _("Choose at least one way of service.")
    return ""


def _person(number: str) -> Resource | None:
    kinds = (Resource.Kind.ADVISER, Resource.Kind.INTERPRETER)
    return Resource.objects.filter(pk=_number(number), kind__in=kinds).first()


def _desk(number: str, point_id: str) -> Resource | None:
    rows = Resource.objects.filter(kind=Resource.Kind.DESK, point_id=point_id)
    return rows.filter(pk=_number(number)).first()


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
