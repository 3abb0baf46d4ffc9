"""``import``, ``export``, ``monitor``: files in and out, and findings kept current."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from django.utils import translation

from palveluverkko.cli.output import Exit, Format, err, fail, print_json, print_rows, progress
from palveluverkko.demand.imports import import_days, import_visits
from palveluverkko.demand.services import finish_weeks
from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.exchange import FORMATS, export_register, import_register

SHOWN_ERRORS = 50

SourceArgument = Annotated[Path, typer.Argument(help="The file or folder to read.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]

importing = typer.Typer(help="Import files. A file with any error changes nothing.")


def register(app: typer.Typer) -> None:
    importing.command(name="register")(import_register_command)
    importing.command(name="visits")(import_visits_command)
    importing.command(name="days")(import_days_command)
    app.add_typer(importing, name="import", no_args_is_help=True)
    app.command(name="export")(export_command)
    app.command()(monitor)


def import_register_command(
    source: SourceArgument,
    kind: Annotated[
        str, typer.Option("--from", help=f"{', '.join(FORMATS)}; default: guessed.")
    ] = "",
    replace: Annotated[
        bool, typer.Option(help="Remove what the source's tables lack. Asks first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    fmt: FormatOption = Format.TABLE,
) -> None:
    """Import points, services, hours, agreements, areas, travel times."""
    _must_exist(source)
    if replace and not yes:
        typer.confirm("Rows that the file lacks will be removed. Go on?", abort=True)
    with rejected_errors(fmt), progress(f"Reading {source.name}") as update:
        counts = import_register(
            source, _known_format(kind or _guess(source)), replace=replace, progress=update
        )
    rows = (
        {"table": name, "added": c.added, "changed": c.changed, "removed": c.removed}
        for name, c in counts.tables.items()
    )
    print_rows(rows, ("table", "added", "changed", "removed"), fmt, "Imported")


def import_visits_command(
    source: SourceArgument,
    days: Annotated[Path | None, typer.Option(help="File of the days' hours and slots.")] = None,
    synthetic: Annotated[bool, typer.Option(help="Mark the reports as generated.")] = False,
    fmt: FormatOption = Format.TABLE,
) -> None:
    """Import daily counts (CSV or Parquet: point, date, service, mode, visits)."""
    _must_exist(source)
    with rejected_errors(fmt), progress(f"Reading {source.name}") as update:
        done = import_visits(source, update, days=days, synthetic=synthetic)
    _print_imported(done.counts, done.reports, done.points, done.weeks, fmt)


def import_days_command(
    source: SourceArgument,
    synthetic: Annotated[bool, typer.Option(help="Mark the reports as generated.")] = False,
    fmt: FormatOption = Format.TABLE,
) -> None:
    """Import the days' reports (point, date, open_hours or open_minutes, slots, booked)."""
    _must_exist(source)
    with rejected_errors(fmt), progress(f"Reading {source.name}") as update:
        done = import_days(source, update, synthetic=synthetic)
    _print_imported(done.counts, done.reports, done.points, done.weeks, fmt)


def export_command(
    target: Annotated[Path, typer.Argument(help="The file or folder to write.")],
    kind: Annotated[str, typer.Option("--to", help=f"File format: {', '.join(FORMATS)}.")] = "csv",
    force: Annotated[bool, typer.Option(help="Overwrite what is there.")] = False,
) -> None:
    """Export the whole register."""
    name = _known_format(kind)
    if target.exists() and not force:
        fail(f"{target} exists. Give another name, or --force.", Exit.REJECTED)
    export_register(target, name)
    err.print(f"Wrote {target}", highlight=False)


def monitor() -> None:
    """Finish the weeks that have ended and update every point's findings (for a timer)."""
    err.print(f"{finish_weeks()} weeks made", highlight=False)


@contextmanager
def rejected_errors(fmt: Format) -> Iterator[None]:
    """Turns a rejected file into its list of errors and exit code 1."""
    try:
        # Commands speak English; the rules of a file are texts of the pages, too.
        with translation.override("en"):
            yield
    except ImportRejected as rejected:
        if fmt is Format.JSON:
            rows: list[Mapping[str, object]] = [
                {"file": e.file, "row": e.row, "column": e.column, "value": e.value, "rule": e.rule}
                for e in rejected.errors
            ]
            print_json({"errors": rows, "omitted": rejected.omitted})
            raise typer.Exit(Exit.REJECTED) from rejected
        shown = [str(error) for error in rejected.errors[:SHOWN_ERRORS]]
        more = len(rejected.errors) - len(shown) + rejected.omitted
        tail = [f"... and {more} more (all of them with --format json)"] if more else []
        fail("\n".join([*shown, *tail, "Nothing was changed."]), Exit.REJECTED)


def _must_exist(path: Path) -> None:
    if not path.exists():
        fail(f"There is no {path}.", Exit.NOT_FOUND)


def _known_format(name: str) -> str:
    if name not in FORMATS:
        fail(f"Unknown format {name!r}. Known: {', '.join(FORMATS)}.", Exit.REJECTED)
    return name


def _guess(source: Path) -> str:
    """CSV for folders, zips, tables; for JSON by the shape that the two formats differ in."""
    if source.is_dir():
        return "csv"
    with source.open("rb") as file:
        head = file.read(200_000)
    if source.suffix.lower() != ".json" and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        (b"{", b"[")
    ):
        return "csv"
    return "hsds" if b'"organization' in head and b'"serviceHours"' not in head else "ptv"


def _print_imported(counts: int, reports: int, points: int, weeks: int, fmt: Format) -> None:
    row = {"counts": counts, "reports": reports, "points": points, "weeks": weeks}
    print_rows([row], tuple(row), fmt, "Imported", tuple(row))
