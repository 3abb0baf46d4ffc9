"""Rules over several values of one row: dates, hours, seasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Broken = tuple[str, str, dict[str, object]]  # column, rule, context


def broken_rules(table: str, values: Any) -> Iterator[Broken]:
    """Each rule that the good values of a row break together; what is absent breaks none."""
    first, last = ("first", "last") if table == "exceptions" else ("valid_from", "valid_until")
    yield from _dates(values, first, last)
    if table == "hours":
        yield from _end_after_begin(values)
        if bool(values.get("season_from")) != bool(values.get("season_until")):
            missing = "season_until" if values.get("season_from") else "season_from"
            yield missing, "season_incomplete", {}
    if table == "exceptions":
        yield from _exception(values)


def _dates(values: Mapping[str, Any], first: str, last: str) -> Iterator[Broken]:
    since, until = values.get(first), values.get(last)
    if since is not None and until is not None and until < since:
        yield last, "dates_reversed", {"first": since.isoformat()}


def _end_after_begin(values: Mapping[str, Any]) -> Iterator[Broken]:
    opens, closes = values.get("opens"), values.get("closes")
    if opens is None or closes is None or values.get("overnight"):
        return
    if closes <= opens:
        yield "closes", "hours_reversed", {"opens": opens.isoformat("minutes")}


def _exception(values: Mapping[str, Any]) -> Iterator[Broken]:
    opens, closes = values.get("opens"), values.get("closes")
    if values.get("closed", True):
        for column, value in (("opens", opens), ("closes", closes)):
            if value is not None:
                yield column, "closed_with_hours", {}
        return
    for column, value in (("opens", opens), ("closes", closes)):
        if value is None and column in values:
            yield column, "open_without_hours", {}
    yield from _end_after_begin(values)
