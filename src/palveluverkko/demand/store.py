"""Writing many counts and reports: upserts, through COPY on PostgreSQL where there are many.

A re-sent key replaces what was there.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date

import polars as pl
from django.db import connection, models

from palveluverkko.demand.models import DailyVisits, DayReport

COPY_FROM = 1_000  # rows; below, a temporary table costs more than it saves
SLICE = 50_000
ANALYZE_FROM = 100_000
FIGURES = ("open_minutes", "slots", "booked")


class Upsert:
    """Collects frames for one table; use inside a transaction and call :meth:`finish`.

    ``columns`` are the frame's columns in the order of ``fields``; the last ones after ``keys``
    are replaced on conflict.
    """

    def __init__(self, model: type[models.Model], fields: tuple[str, ...], keys: int) -> None:
        self.table = model._meta.db_table
        self.fields = fields
        self.key = ", ".join(fields[:keys])
        self.update = ", ".join(f"{f} = excluded.{f}" for f in fields[keys:])
        self.staged = False
        self.staged_rows = 0

    @property
    def _insert(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(self.fields)})"

    @property
    def _on_conflict(self) -> str:
        return f"ON CONFLICT ({self.key}) DO UPDATE SET {self.update}"

    def write(self, frame: pl.DataFrame) -> None:
        """Write the frame's columns, given in the order of the fields."""
        if not frame.height:
            return
        if connection.vendor == "postgresql" and (self.staged or frame.height >= COPY_FROM):
            self._copy(frame)
        else:
            marks = ", ".join(["%s"] * len(self.fields))
            self._execute_many(f"{self._insert} VALUES ({marks}) {self._on_conflict}", frame)

    def _execute_many(self, sql: str, frame: pl.DataFrame) -> None:
        with connection.cursor() as cursor:
            # In slices: Django's cursor keeps all parameters of a call until it returns.
            for part in frame.iter_slices(SLICE):
                cursor.executemany(sql, part.rows())

    def _copy(self, frame: pl.DataFrame) -> None:
        staging = f"staging_{self.table}"
        names = ", ".join(self.fields)
        with connection.cursor() as cursor:
            if not self.staged:
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {staging} ON COMMIT DROP AS "
                    f"SELECT {names} FROM {self.table} WITH NO DATA"
                )
                self.staged = True
            self.staged_rows += frame.height
            with cursor.copy(f"COPY {staging} ({names}) FROM STDIN (FORMAT csv)") as copy:
                copy.write(frame.write_csv(include_header=False).encode())

    def finish(self) -> None:
        """Move what was staged into the table."""
        if not self.staged:
            return
        staging, names = f"staging_{self.table}", ", ".join(self.fields)
        with connection.cursor() as cursor:
            cursor.execute(f"{self._insert} SELECT {names} FROM {staging} {self._on_conflict}")
            cursor.execute(f"DROP TABLE {staging}")
            if self.staged_rows >= ANALYZE_FROM:
                # The planner still thinks the table is small, and reads all of it for each week.
                cursor.execute(f"ANALYZE {self.table}")
        self.staged, self.staged_rows = False, 0


def visits_upsert() -> Upsert:
    return Upsert(DailyVisits, ("point_id", "date", "service_id", "mode", "visits"), keys=4)


def in_key_order(counts: pl.DataFrame) -> pl.DataFrame:
    """Checked counts for :func:`visits_upsert`, in the index's order.

    A database inserts neighbours several times faster than strays.
    """
    ordered = counts.sort("p", "day", "s", "m")
    return ordered.select("point", pl.col("day").cast(pl.String), "service", "mode", "visits")


def write_counts(counts: pl.DataFrame) -> None:
    """Write checked counts, all at once."""
    writer = visits_upsert()
    writer.write(in_key_order(counts))
    writer.finish()


def write_reports(reports: pl.DataFrame, *, synthetic: bool) -> None:
    """Write checked reports of days; ``synthetic`` marks them as generated."""
    fields = ("point_id", "date", *FIGURES, "synthetic")
    writer = Upsert(DayReport, fields, keys=2)
    writer.write(
        reports.select(
            "point", pl.col("day").cast(pl.String), *FIGURES, pl.lit(synthetic).alias("synthetic")
        )
    )
    writer.finish()


def add_one(point_id: str, day: date, service: str, mode: str) -> None:
    """One visit more, in one statement: two arrivals at the same moment both count."""
    table = DailyVisits._meta.db_table
    with closing(connection.cursor()) as cursor:
        cursor.execute(
            f"INSERT INTO {table} (point_id, date, service_id, mode, visits) "
            f"VALUES (%s, %s, %s, %s, 1) ON CONFLICT (point_id, date, service_id, mode) "
            f"DO UPDATE SET visits = {table}.visits + 1",
            [point_id, day, service, mode],
        )


def take_one_back(point_id: str, day: date, service: str, mode: str) -> bool:
    """One visit fewer, never below none; whether there was one. A count of zero stays reported."""
    rows = DailyVisits.objects.filter(point_id=point_id, date=day, service_id=service, mode=mode)
    return bool(rows.filter(visits__gt=0).update(visits=models.F("visits") - 1))
