"""Importing files of counts: checked as a whole, written in one transaction, or not at all.

The columns are described in ``docs/methods/weeks.md``: ``point, date, service, mode, visits`` and,
if wished, the day's ``open_hours`` or ``open_minutes``, ``slots`` and ``booked`` (also as a file of
their own).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from palveluverkko.demand.errors import ErrorList
from palveluverkko.demand.follow import Touched, follow
from palveluverkko.demand.reading import Progress, read_batches
from palveluverkko.demand.store import FIGURES, in_key_order, visits_upsert, write_reports
from palveluverkko.demand.validation import COUNT_COLUMNS, DAY_COLUMNS, CountChecker, Register


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: counts and day reports written, points and weeks (re)made."""

    counts: int
    reports: int
    points: int
    weeks: int


def import_visits(
    path: Path | str,
    progress: Progress | None = None,
    *,
    days: Path | str | None = None,
    synthetic: bool = False,
) -> Imported:
    """Write the counts of ``path`` and the day figures of ``days``; a re-sent key replaces.

    CSV (``,``, ``;`` or tab; decimal point or comma; UTF-8) or Parquet, read in pieces.
    ``progress(done, total)``. Raises :class:`ImportRejected` with every error of the files; the
    database is then as it was. ``synthetic`` marks the day reports as generated.
    """
    path = Path(path)
    errors = ErrorList(path.name)
    with transaction.atomic():
        register = Register.load()
        touched = Touched()
        checker = CountChecker(register, errors)
        writer = visits_upsert()
        counted, figures = 0, []
        for batch in read_batches(path, COUNT_COLUMNS, DAY_COLUMNS, errors, progress):
            counts = checker.counts(batch)
            figures.append(_compact(checker.days(batch)))
            if not errors:
                writer.write(in_key_order(counts))
                counted += counts.height
                touched.add(counts)
        merged = _one_a_day(figures, register, errors, repeats=True)
        if days is not None:
            given = _read_days(Path(days), register, progress)
            if not errors:
                merged = pl.concat([merged.join(given, ["point", "day"], "anti"), given])
        errors.raise_if_any()
        writer.finish()
        write_reports(merged, synthetic=synthetic)
        touched.add(merged)
        weeks = follow(touched)
    return Imported(counted, merged.height, len(touched.days), weeks)


def import_days(
    path: Path | str, progress: Progress | None = None, *, synthetic: bool = False
) -> Imported:
    """Write the days' reports of a file ``point,date,open_hours|open_minutes,slots,booked``."""
    with transaction.atomic():
        given = _read_days(Path(path), Register.load(), progress)
        touched = Touched()
        write_reports(given, synthetic=synthetic)
        touched.add(given)
        weeks = follow(touched)
    return Imported(0, given.height, len(touched.days), weeks)


def _compact(reports: pl.DataFrame) -> pl.DataFrame:
    """One row per point, day and set of figures, in few bytes: it is kept to the file's end."""
    small = reports.select("p", "day", *(pl.col(f).cast(pl.Int32) for f in FIGURES), "row")
    return small.group_by("p", "day", *FIGURES).agg(pl.col("row").max(), pl.len().alias("n"))


def _one_a_day(
    parts: list[pl.DataFrame], register: Register, errors: ErrorList, *, repeats: bool
) -> pl.DataFrame:
    """The figures of each point's day; rows that contradict each other are errors.

    ``repeats``: rows of the same day may repeat them (a file of counts has a row per service).
    """
    if not parts:
        return pl.DataFrame(
            schema={"point": pl.String, "day": pl.Date, **dict.fromkeys(FIGURES, pl.Int32)}
        )
    merged = (
        pl.concat(parts)
        .group_by("p", "day")
        .agg(
            *(pl.col(f).drop_nulls().first() for f in FIGURES),
            *(pl.col(f).drop_nulls().n_unique().alias(f"{f}_values") for f in FIGURES),
            pl.col("row").max(),
            pl.col("n").sum(),
        )
        .join(register.points.select("p", "point"), "p")
        .sort("p", "day")
    )
    for name in FIGURES:
        for row, value in merged.filter(pl.col(f"{name}_values") > 1).select("row", name).rows():
            errors.add(row, name, value, _("Other rows of the same day say something else."))
    if not repeats:
        for row, point, day in merged.filter(pl.col("n") > 1).select("row", "point", "day").rows():
            errors.add(row, None, f"{point}, {day}", _("The same point and day is there twice."))
    return merged.select("point", "day", *FIGURES)


def _read_days(path: Path, register: Register, progress: Progress | None) -> pl.DataFrame:
    errors = ErrorList(path.name)
    checker = CountChecker(register, errors)
    parts = [
        _compact(checker.reports(batch))
        for batch in read_batches(path, ("point", "date"), DAY_COLUMNS, errors, progress)
    ]
    merged = _one_a_day(parts, register, errors, repeats=False)
    errors.raise_if_any()
    return merged
