"""JSON documents of a source, and the register's tables that stand in them row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from palveluverkko.network.exchange.collecting import Collector, Place
from palveluverkko.network.exchange.messages import rule_text
from palveluverkko.network.exchange.records import RegisterBundle
from palveluverkko.network.exchange.residue import json_row, without_empty
from palveluverkko.network.exchange.sources import ByteCount, Progress, members, text_lines
from palveluverkko.network.exchange.tables import TABLES

EXTENSION = "x-palveluverkko"


S = TypeVar("S", bound="Shape")


class Shape(BaseModel):
    """A part of a foreign document; what we do not use is passed over."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


def documents(
    source: Path, found: Collector, progress: Progress | None = None
) -> Iterator[tuple[str, Any]]:
    """File name and content of every JSON file of the source that can be read."""
    files = members(source, found, (".json",))
    count = ByteCount(sum(m.size for m in files), progress)
    for member in files:
        before = len(found.errors.kept)
        text = "".join(text_lines(member, found.errors, count))
        if len(found.errors.kept) > before:
            continue
        if not text.strip():
            found.errors.add(Place(member.name, None), None, "", "empty_file")
            continue
        try:
            yield member.name, json.loads(text)
        except json.JSONDecodeError as error:
            place = Place(member.name, error.lineno)
            found.errors.add(place, None, "", "json_syntax", reason=error.msg)
        except RecursionError as error:  # brackets within brackets, thousands deep
            found.errors.add(Place(member.name, None), None, "", "json_syntax", reason=error)
    if not files and not found.errors:
        found.errors.add(Place(source.name, None), None, "", "no_files")


def write_document(document: object, target: Path) -> None:
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    target.write_text(text + "\n", encoding="utf-8")


def shaped(shape: type[S], value: object, place: Place, found: Collector) -> S | None:
    """The value as the shape, or ``None`` after every misfit has been noted at its JSON path."""
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        for broken in error.errors(include_url=False):
            text = rule_text(broken["type"], broken.get("ctx"), broken["msg"])
            found.errors.add_text(place, json_path(broken["loc"]), broken["input"], text)
        return None


def json_path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def table_rows(bundle: RegisterBundle, tables: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Whole tables, for the extension of a document."""
    return {t: [without_empty(json_row(record)) for record in bundle.rows(t)] for t in tables}


def read_tables(
    extension: object, tables: Iterable[str], file: str, found: Collector, prefix: str = EXTENSION
) -> None:
    """Adds the rows of whole tables that an extension holds."""
    for name in tables:
        rows = extension.get(name) if isinstance(extension, dict) else None
        if rows is None:
            continue
        found.tables.add(name)
        add_rows(rows, name, Place(file, None, prefix=f"{prefix}.{name}"), found)


def add_rows(rows: object, table: str, place: Place, found: Collector, **more: object) -> None:
    """Adds rows of one table as they stand in an extension; ``more`` are fields of all of them."""
    if not isinstance(rows, list):
        found.errors.add(Place(place.file, place.row), place.prefix, rows, "tuple_type")
        return
    for i, raw in enumerate(rows):
        row = i if place.row is None else place.row
        where = Place(place.file, row, prefix=f"{place.prefix}[{i}].")
        if not isinstance(raw, dict):
            found.errors.add(Place(place.file, row), f"{place.prefix}[{i}]", raw, "dict_type")
            continue
        known = {k: v for k, v in raw.items() if k in TABLES[table].columns}
        found.add(TABLES[table], {**known, **more}, where)
