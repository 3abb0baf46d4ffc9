"""HSDS schedules (RFC 5545 terms) to rows of the register and back.

A schedule with ``freq`` WEEKLY is weekly hours; one without ``freq`` tells what differs from
``dtstart`` to ``until``: closed where it names no times. Times are the point's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time
from typing import Any

from palveluverkko.network.exchange.hsds.shapes import Attribute, Schedule
from palveluverkko.network.exchange.json_source import EXTENSION
from palveluverkko.network.exchange.residue import Fields, restored, without_empty

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MODES = {"walk_in", "appointment", "video_room"}


class WrongSchedule(Exception):
    """The schedule has no row in the register; ``column``, ``value`` and ``rule`` say why."""

    def __init__(self, column: str, value: object, rule: str, **context: object) -> None:
        self.column, self.value, self.rule, self.context = column, value, rule, context
        super().__init__(rule)


def remembered(attributes: list[Attribute] | None, label: str = EXTENSION) -> Any:
    """The value of our attribute; ``None`` where there is none or it is not ours to read."""
    for attribute in attributes or ():
        if attribute.label == label and attribute.value:
            try:
                return json.loads(attribute.value)
            except json.JSONDecodeError:
                return None
    return None


def schedule_rows(schedule: Schedule, service: str | None) -> Iterator[tuple[str, Fields]]:
    """Table and fields (JSON values) of every row of a schedule."""
    if schedule.freq is None and schedule.byday is None:
        rows = iter([("exceptions", _exception(schedule))])
    else:
        rows = (("hours", fields) for fields in _weekly(schedule))
    kept = remembered(schedule.attributes)
    for table, fields in rows:
        yield table, without_empty(restored({"service": service, **fields}, kept))


def _weekly(schedule: Schedule) -> Iterator[Fields]:
    interval = schedule.interval or 1
    if schedule.freq not in (None, "WEEKLY") or interval != 1:
        frequency = schedule.freq if interval == 1 else f"{schedule.freq}/{interval:g}"
        raise WrongSchedule("freq", frequency, "weekly_only", frequency=frequency)
    mode = schedule.attending_type if schedule.attending_type in _MODES else ""
    closes = _clock(schedule.closes_at)
    for day in (schedule.byday or "").split(","):
        if day.strip() not in DAYS:
            raise WrongSchedule("byday", day, "weekday")
        yield {
            "weekday": DAYS.index(day.strip()),
            "opens": _clock(schedule.opens_at),
            "closes": closes,
            "overnight": closes == "00:00",
            "mode": mode,
            "valid_from": schedule.valid_from or schedule.dtstart,
            "valid_until": schedule.valid_to or schedule.until,
            "season_from": "",
            "season_until": "",
        }


def _exception(schedule: Schedule) -> Fields:
    first = schedule.dtstart or schedule.valid_from
    closes = _clock(schedule.closes_at)
    return {
        "first": first,
        "last": schedule.until or schedule.valid_to or first,
        "closed": schedule.opens_at is None,
        "opens": _clock(schedule.opens_at),
        "closes": closes,
        "overnight": closes == "00:00",
        "mode": schedule.attending_type if schedule.attending_type in _MODES else "",
        "reason_fi": (schedule.description or "")[:150],
        "reason_sv": "",
        "reason_en": "",
    }


def _clock(text: str | None) -> str | None:
    """The wall-clock time of an HSDS time; an offset is dropped, for hours are local ones."""
    if text is None:
        return None
    if text in ("24:00", "24:00:00"):
        return "00:00"
    try:
        value = time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return value.isoformat() if value.second or value.microsecond else value.isoformat("minutes")
