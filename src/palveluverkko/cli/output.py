"""How commands print: a table for people, JSON or CSV for programs, errors on standard error."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

# A pipe or file has no width of its own; 80 columns would break every name.
out = Console(width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True)


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


class Language(StrEnum):
    FI = "fi"
    SV = "sv"
    EN = "en"


class Exit:
    """Exit codes, documented in docs/cli.md. 2 is Typer's own for wrong usage."""

    REJECTED = 1  # the input breaks a rule; nothing was changed
    NOT_FOUND = 3  # no such point, policy, run or file
    DIFFERS = 4  # a check ran and found a difference


def fail(message: str, code: int) -> NoReturn:
    err.print(message, style="bold red", markup=False, highlight=False)
    raise typer.Exit(code)


def print_json(content: object) -> None:
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def print_rows(
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    fmt: Format,
    title: str = "",
    right: Sequence[str] = (),
) -> None:
    """Rows as a table, a JSON list or CSV with a header."""
    if fmt is Format.JSON:
        print_json([{c: row.get(c) for c in columns} for row in rows])
    elif fmt is Format.CSV:
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_raw(row.get(c)) for c in columns] for row in rows)
        sys.stdout.write(buffer.getvalue())
    else:
        table = Table(title=title or None, title_justify="left")
        for column in columns:
            table.add_column(
                column.replace("_", " "), justify="right" if column in right else "left"
            )
        for row in rows:
            table.add_row(*(_cell(row.get(c)) for c in columns))
        out.print(table)


def _raw(value: object) -> str:
    """For programs: full precision, lists separated by spaces, nothing for unknown."""
    if isinstance(value, (list, tuple)):
        return " ".join(_raw(v) for v in value)
    return "" if value is None else str(value)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, (list, tuple)):
        return "–".join(_cell(v) or "∞" for v in value)
    return str(value)


@contextmanager
def progress(description: str) -> Iterator[Any]:
    """Yields ``update(done, total, stage="")``; draws a bar on standard error in a terminal."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not err.is_terminal,
    ) as bar:
        task = bar.add_task(description, total=None)

        def update(done: int, total: int | None, stage: str = "") -> None:
            text = f"{description}: {stage}" if stage else description
            bar.update(task, completed=done, total=total, description=text)

        yield update
