"""PTV's service hours to rows of the register: DaysOfTheWeek, OverMidnight, Exceptional."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from palveluverkko.network.exchange.ptv.shapes import DailyOpeningTime, LanguageItem, ServiceHour
from palveluverkko.network.exchange.residue import Fields, restored, without_empty

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Names of version 7 and older.
_TYPES = {"Standard": "DaysOfTheWeek", "Exception": "Exceptional", "Special": "OverMidnight"}
_HELSINKI = ZoneInfo("Europe/Helsinki")
_MIDNIGHT = "00:00"


@dataclass(frozen=True, slots=True)
class HourRow:
    """A row to be: its table, fields as JSON values, and the JSON path of each field."""

    table: str
    fields: Fields
    paths: dict[str, str]


def hour_rows(hour: ServiceHour, service: str | None, path: str) -> Iterator[HourRow]:
    """The register's rows of one entry of ``serviceHours``, with what our extension remembers.

    Hours open by reservation are those of the mode ``appointment``, others hold for every mode.
    """
    for row in _standard_rows(hour, path):
        fields = {"service": service, **row.fields}
        if hour.isReservation:
            fields["mode"] = "appointment"
        fields = restored(_with_defaults(row.table, fields), hour.extension)
        yield HourRow(row.table, without_empty(fields), row.paths)


def _with_defaults(table: str, fields: Fields) -> Fields:
    if table == "exceptions":
        defaults: Fields = {"mode": "", "overnight": False, "closed": False}
        defaults |= {"reason_fi": "", "reason_sv": "", "reason_en": "", "opens": None}
    else:
        defaults = {"mode": "", "overnight": False, "season_from": "", "season_until": ""}
    return {**defaults, **fields}


def _standard_rows(hour: ServiceHour, path: str) -> Iterator[HourRow]:
    kind = _TYPES.get(hour.serviceHourType, hour.serviceHourType)
    closed_for_a_time = hour.isClosed and hour.validFrom and hour.validTo
    if kind == "Exceptional" or closed_for_a_time:
        yield from _exceptions(hour, path)
    elif not hour.isClosed:  # closed without dates says no more than no hours at all
        yield from _weekly(hour, path, overnight=kind == "OverMidnight")


def _exceptions(hour: ServiceHour, path: str) -> Iterator[HourRow]:
    paths = {
        "first": f"{path}.validFrom",
        "last": f"{path}.validTo",
        "closed": f"{path}.isClosed",
        "opens": f"{path}.openingHour",
        "closes": f"{path}.openingHour",
    }
    first = day_of(hour.validFrom)
    fields: Fields = {"first": first, "last": day_of(hour.validTo) or first}
    fields |= {f"reason_{lang}": text for lang, text in _texts(hour.additionalInformation)}
    if hour.isClosed:
        yield HourRow("exceptions", {**fields, "closed": True}, paths)
    elif hour.isAlwaysOpen:
        yield HourRow("exceptions", {**fields, **_all_day(), "closed": False}, paths)
    elif not hour.openingHour:
        yield HourRow("exceptions", {**fields, "closed": False}, paths)
    for i, opening in enumerate(() if hour.isClosed else hour.openingHour or ()):
        at = f"{path}.openingHour[{i}]"
        times = _times(opening)
        places = {**paths, "opens": f"{at}.from", "closes": f"{at}.to"}
        yield HourRow("exceptions", {**fields, **times, "closed": False}, places)


def _weekly(hour: ServiceHour, path: str, overnight: bool) -> Iterator[HourRow]:
    dates: Fields = {
        "valid_from": day_of(hour.validFrom),
        "valid_until": day_of(hour.validTo),
    }
    paths = {"valid_from": f"{path}.validFrom", "valid_until": f"{path}.validTo"}
    if hour.isAlwaysOpen:
        for weekday in range(7):
            yield HourRow("hours", {**dates, **_all_day(), "weekday": weekday}, paths)
        return
    for i, opening in enumerate(hour.openingHour or ()):
        at = f"{path}.openingHour[{i}]"
        places = {
            **paths,
            "weekday": f"{at}.dayFrom",
            "opens": f"{at}.from",
            "closes": f"{at}.to",
        }
        spans = _over_midnight(opening) if overnight else _daily(opening)
        for fields in spans:
            yield HourRow("hours", {**dates, **fields}, places)


def _daily(opening: DailyOpeningTime) -> Iterator[Fields]:
    first = weekday_of(opening.dayFrom)
    last = weekday_of(opening.dayTo) if opening.dayTo else first
    if not isinstance(first, int) or not isinstance(last, int):
        wrong = first if not isinstance(first, int) else last
        yield {**_times(opening), "weekday": wrong}
        return
    for step in range((last - first) % 7 + 1):
        yield {**_times(opening), "weekday": (first + step) % 7}


def _over_midnight(opening: DailyOpeningTime) -> Iterator[Fields]:
    """One interval from a time of one day to a time of a later one, cut at midnights."""
    first = weekday_of(opening.dayFrom)
    last = weekday_of(opening.dayTo) if opening.dayTo else first
    opens, closes = opening.from_, _no_24(opening.to)
    if not isinstance(first, int) or not isinstance(last, int):
        yield {"weekday": first if not isinstance(first, int) else last, "opens": opens}
        return
    nights = (last - first) % 7 or 1
    if nights == 1:
        yield {"weekday": first, "opens": opens, "closes": closes, "overnight": True}
        return
    for step in range(nights):
        start = opens if step == 0 else _MIDNIGHT
        day = (first + step) % 7
        yield {"weekday": day, "opens": start, "closes": _MIDNIGHT, "overnight": True}
    if closes != _MIDNIGHT:
        yield {"weekday": last, "opens": _MIDNIGHT, "closes": closes}


def _times(opening: DailyOpeningTime) -> Fields:
    closes = _no_24(opening.to)
    if closes == _MIDNIGHT:  # the end of the day is the beginning of the next
        return {"opens": opening.from_, "closes": closes, "overnight": True}
    return {"opens": opening.from_, "closes": closes}


def _no_24(text: str) -> str:
    return _MIDNIGHT if text in ("24:00", "24:00:00", "00:00:00") else text


def _all_day() -> Fields:
    return {"opens": _MIDNIGHT, "closes": _MIDNIGHT, "overnight": True}


def _texts(items: list[LanguageItem] | None) -> Iterator[tuple[str, str]]:
    return ((i.language, i.value) for i in items or () if i.value and i.language in _REASONS)


_REASONS = ("fi", "sv", "en")


def weekday_of(name: str | None) -> int | str:
    """0 for Monday; the name itself where it is none, to be told as an error."""
    return WEEKDAYS.index(name) if name in WEEKDAYS else name or ""


def day_of(text: str | None) -> str | None:
    """The local day of a PTV moment, as ``YYYY-MM-DD``; text that is none comes back as it is.

    Midnight and the last second of a day stand for that day, whatever the offset says: PTV's
    documents write local days as if they were UTC. Any other moment is taken to Helsinki.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    ends = (time(0), time(23, 59, 59))
    if moment.tzinfo is not None and moment.time().replace(microsecond=0) not in ends:
        moment = moment.astimezone(_HELSINKI)
    return date.isoformat(moment.date())
