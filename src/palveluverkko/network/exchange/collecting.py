"""Gathers rows and errors while a file is read, so that every error is told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

from palveluverkko.network.errors import ImportRejected, RowError
from palveluverkko.network.exchange.messages import rule_text
from palveluverkko.network.exchange.records import (
    Record,
    RegisterBundle,
    TravelBatches,
    as_row,
    bundle_of,
)
from palveluverkko.network.exchange.row_rules import broken_rules
from palveluverkko.network.exchange.tables import TABLES, Table

MAX_ERRORS = 10_000
_SHOWN = 200  # characters of a bad value that an error repeats


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: file, line (or item of a JSON document), and how its columns are called.

    ``paths`` gives the JSON path of a field where it is not its own name, ``prefix`` what stands
    before the name of every other.
    """

    file: str
    row: int | None
    paths: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    def column(self, name: str) -> str:
        return self.paths.get(name, self.prefix + name)


@dataclass(frozen=True, slots=True)
class Located:
    record: Record
    place: Place


class ErrorList:
    """Keeps the first :data:`MAX_ERRORS` errors and counts the others."""

    def __init__(self) -> None:
        self.kept: list[RowError] = []
        self._seen: set[RowError] = set()
        self.omitted = 0

    def __bool__(self) -> bool:
        return bool(self.kept)

    def add(
        self, place: Place, column: str | None, value: object, rule: str, **context: object
    ) -> None:
        self.add_text(place, column, value, rule_text(rule, context))

    def add_text(self, place: Place, column: str | None, value: object, text: str) -> None:
        if len(self.kept) >= MAX_ERRORS:
            self.omitted += 1
            return
        name = None if column is None else place.column(column)
        shown = "" if value is None else str(value)[:_SHOWN]
        error = RowError(place.file, place.row, name, shown, text)
        if error not in self._seen:  # one entry of a document may have become several rows
            self._seen.add(error)
            self.kept.append(error)

    def extend(self, other: ErrorList) -> None:
        room = MAX_ERRORS - len(self.kept)
        self.kept.extend(other.kept[:room])
        self.omitted += other.omitted + len(other.kept[room:])

    def reject(self) -> None:
        """Raises :class:`ImportRejected` if there is any error."""
        if self.kept:
            raise ImportRejected(self.kept, self.omitted)


class Collector:
    """What a reader has found: good rows with their places, and all errors.

    ``mentioned`` holds the keys of bad rows too, so that one bad point does not make every row
    that refers to it an error of its own.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[Located]] = {name: [] for name in TABLES}
        self.errors = ErrorList()
        self.mentioned: dict[str, set[object]] = defaultdict(set)
        self.tables: set[str] = set()
        self.derived_services: set[str] = set()
        self.travel_times: TravelBatches | None = None

    def add(self, table: Table, raw: Mapping[str, object], place: Place) -> Record | None:
        """The row as a record, or ``None`` after its errors have been noted."""
        values, broken = _validated(table, raw)
        record: Record | None = None
        if isinstance(values, table.record):
            record = values
            values = as_row(record)
        for column, value, text in broken:
            self.errors.add_text(place, column, value, text)
        found = tuple(broken_rules(table.name, values))
        for column, rule, context in found:
            self.errors.add(place, column, raw.get(column), rule, **context)
        if len(table.key) == 1 and (key := raw.get(table.key[0])) is not None:
            self.mentioned[table.name].add(key)
        if record is None or found:
            return None
        self.rows[table.name].append(Located(record, place))
        return record

    def records(self, table: str) -> Iterator[Record]:
        return (located.record for located in self.rows[table])

    def bundle(self) -> RegisterBundle:
        return bundle_of(
            {name: self.records(name) for name in TABLES},
            tables=frozenset(self.tables),
            derived_services=frozenset(self.derived_services),
            travel_times=self.travel_times,
        )


def _validated(
    table: Table, raw: Mapping[str, object]
) -> tuple[object, list[tuple[str, object, str]]]:
    """The record; else the values that are good by themselves, and what is wrong with the rest."""
    try:
        return table.adapter.validate_python(dict(raw)), []
    except ValidationError:
        pass
    good: dict[str, object] = {}
    broken: list[tuple[str, object, str]] = []
    for column in table.columns:
        if column not in raw:
            if column in table.required:
                broken.append((column, "", rule_text("missing")))
            continue
        try:
            good[column] = table.field_adapters[column].validate_python(raw[column])
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            text = rule_text(first["type"], first.get("ctx"), first["msg"])
            # Inside a list it is the item that is wrong, else what the file says.
            broken.append((column, first["input"] if first["loc"] else raw[column], text))
    return good, broken
