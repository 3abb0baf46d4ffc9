"""What a foreign format does not give back, so that it can be kept beside it.

The residue of a row names every field that reading the standard part alone gets wrong, with both
what is read and what the register holds. On import the register's value counts only while the
standard part still says what it said: an edit made in the standard part wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from palveluverkko.network.exchange.csv_format import clock
from palveluverkko.network.exchange.records import Record, as_row

Fields = dict[str, Any]


def json_row(record: Record) -> Fields:
    """The record's fields as JSON values; dates and times as in the files."""
    return {name: _json(value) for name, value in as_row(record).items()}


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if hasattr(value, "hour"):
        return clock(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def residue(held: Mapping[str, Any], read: Mapping[str, Any]) -> Fields:
    """Fields of ``held`` that ``read`` lacks or has otherwise; empty if ``read`` says it all."""
    return {
        name: {"read": read.get(name), "held": value}
        for name, value in held.items()
        if read.get(name) != value or type(read.get(name)) is not type(value)
    }


def restored(read: Mapping[str, Any], kept: object) -> Fields:
    """The fields as the register holds them, from the standard part and its residue."""
    fields = dict(read)
    if not isinstance(kept, dict):
        return fields
    for name, pair in kept.items():
        if isinstance(pair, dict) and "held" in pair and fields.get(name) == pair.get("read"):
            fields[name] = pair["held"]
    return fields


def without_empty(fields: Mapping[str, Any]) -> Fields:
    """Absent values left out, so that the records' defaults apply."""
    return {name: value for name, value in fields.items() if value is not None}
