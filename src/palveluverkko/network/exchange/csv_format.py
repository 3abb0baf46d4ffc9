"""The register as CSV: a folder or a zip with one file a table, or a single such file."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from pathlib import Path

from palveluverkko.network.exchange.collecting import Collector, Place
from palveluverkko.network.exchange.osm_column import opening_hours
from palveluverkko.network.exchange.records import RegisterBundle, as_row
from palveluverkko.network.exchange.sources import ByteCount, Member, Progress, members, text_lines
from palveluverkko.network.exchange.tables import TABLES, Table
from palveluverkko.network.exchange.travel import (
    TRAVEL_NAMES,
    TravelTable,
    write_travel_times,
)

SEPARATORS = (",", ";", "\t")
# Columns that exports carry for people and imports pass over.
INFORMATION = {"points": ("opening_hours",)}
_FILES = {table.file: table for table in TABLES.values()}
_MAX_CELL = 16 * 1024 * 1024


def parse(source: Path, progress: Progress | None = None) -> Collector:
    """Reads every table of the source; all its errors are in the collector."""
    found = Collector()
    files = members(source, found, (".csv", ".parquet"))
    count = ByteCount(sum(m.size for m in files), progress)
    for member in files:
        _read_member(member, found, count)
    if not files and not found.errors:
        found.errors.add(Place(source.name, None), None, "", "no_files")
    return found


def write(bundle: RegisterBundle, target: Path) -> None:
    """Writes one file a table into the folder, or the zip, ``target``."""
    if target.suffix.lower() == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, lines in _files(bundle):
                with archive.open(name, "w", force_zip64=True) as binary:
                    for line in lines:
                        binary.write(line.encode("utf-8"))
        return
    target.mkdir(parents=True, exist_ok=True)
    for name, lines in _files(bundle):
        with (target / name).open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)


def _read_member(member: Member, found: Collector, count: ByteCount) -> None:
    place = Place(member.name, None)
    if member.name.lower() in TRAVEL_NAMES:
        found.travel_times = TravelTable(member, count)
        return
    table = _FILES.get(member.name.lower()) or _table_by_header(member)
    if table is None:
        known = ", ".join([*_FILES, *TRAVEL_NAMES])
        found.errors.add(place, None, member.name, "unknown_file", known=known)
        return
    if not member.size:
        found.errors.add(place, None, "", "empty_file")
        return
    found.tables.add(table.name)
    lines = text_lines(member, found.errors, count)
    _read_table(table, member.name, lines, found)


def _table_by_header(member: Member) -> Table | None:
    """A file of another name is the table all of whose needed columns its header has."""
    with member.open() as file:
        header = file.readline(65_536).decode("utf-8-sig", errors="replace")
    names = set(_cells(header, sniff(header)))
    fitting = [t for t in TABLES.values() if t.required <= names <= set(_known(t))]
    return fitting[0] if len(fitting) == 1 else None


def sniff(header: str) -> str:
    """The separator that splits the header into most columns; a comma if none does."""
    return max(SEPARATORS, key=lambda separator: len(_cells(header, separator)))


def _cells(header: str, separator: str) -> list[str]:
    return [c.strip() for c in next(csv.reader([header], delimiter=separator), [])]


def _known(table: Table) -> tuple[str, ...]:
    return (*table.columns, *INFORMATION.get(table.name, ()))


def _read_table(table: Table, file: str, lines: Iterator[str], found: Collector) -> None:
    header = next(lines, "")
    if not header.strip():
        if not found.errors:
            found.errors.add(Place(file, None), None, "", "empty_file")
        return
    separator = sniff(header)
    columns = _cells(header, separator)
    if not _header_fits(table, file, columns, found):
        return
    read = set(table.columns)
    csv.field_size_limit(_MAX_CELL)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = 2
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            found.errors.add(Place(file, line), None, "", "csv_syntax", reason=error)
            return
        if cells is None:
            return
        place, line = Place(file, line), reader.line_num + 2
        if not any(cells):
            continue
        if len(cells) != len(columns):
            shown = separator.join(cells)
            context = {"found": len(cells), "expected": len(columns)}
            found.errors.add(place, None, shown, "cell_count", **context)
            continue
        # An empty cell is an absent value; strict=False would hide a short row.
        raw = {c: v for c, v in zip(columns, cells, strict=True) if v != "" and c in read}
        found.add(table, raw, place)


def _header_fits(table: Table, file: str, columns: list[str], found: Collector) -> bool:
    place, before = Place(file, 1), len(found.errors.kept)
    known = _known(table)
    for i, column in enumerate(columns):
        if column not in known:
            found.errors.add(place, column, column, "unknown_column", known=", ".join(known))
        elif column in columns[:i]:
            found.errors.add(place, column, column, "repeated_column")
    for column in table.columns:
        if column in table.required and column not in columns:
            found.errors.add(place, column, "", "missing_column")
    return len(found.errors.kept) == before


def _files(bundle: RegisterBundle) -> Iterator[tuple[str, Iterable[str]]]:
    for table in TABLES.values():
        yield table.file, _table_lines(table, bundle)
    if bundle.travel_times is not None:
        yield "travel_times.csv", write_travel_times(bundle.travel_times)


def _table_lines(table: Table, bundle: RegisterBundle) -> Iterator[str]:
    information = _information(table, bundle)
    columns = [*table.columns, *information]
    yield _line(columns)
    for record in bundle.rows(table.name):
        row = {name: _cell(value) for name, value in as_row(record).items()}
        key = str(row[table.key[0]])
        row |= {name: values.get(key, "") for name, values in information.items()}
        yield _line([row[c] for c in columns])


def _information(table: Table, bundle: RegisterBundle) -> Mapping[str, Mapping[str, str]]:
    if table.name != "points":
        return {}
    return {"opening_hours": opening_hours(bundle, date.today())}


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, time):
        return clock(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return " ".join(str(v) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return str(value)


def clock(value: time) -> str:
    """``08:00``; seconds only where there are some."""
    return value.isoformat() if value.second or value.microsecond else value.isoformat("minutes")
