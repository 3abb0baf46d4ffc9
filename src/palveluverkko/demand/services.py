"""The verbs of demand: counts and reports are recorded, weeks and findings follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from palveluverkko.demand.clock import today
from palveluverkko.demand.errors import ErrorList
from palveluverkko.demand.follow import Touched, follow
from palveluverkko.demand.imports import Imported, import_days, import_visits
from palveluverkko.demand.monitor import update_findings
from palveluverkko.demand.store import add_one, take_one_back, write_counts, write_reports
from palveluverkko.demand.validation import COUNT_COLUMNS, DAY_COLUMNS, CountChecker, Register
from palveluverkko.demand.weeks import points_behind, rebuild_weeks

__all__ = [
    "Imported",
    "add_visit",
    "finish_weeks",
    "import_days",
    "import_visits",
    "rebuild_weeks",
    "record_counts",
    "record_visits",
    "report_day",
    "take_back_visit",
    "update_findings",
]

Value = str | int | float | date | None


def record_counts(rows: Sequence[Mapping[str, Value]]) -> Imported:
    """Set several counts, each a mapping of ``point, date, service, mode, visits``; all or none.

    Raises :class:`ImportRejected`; its rows count the list from 1, its file is ``counts``.
    """
    errors = ErrorList("counts")
    batch = _batch(rows, COUNT_COLUMNS)
    if not batch.height:
        errors.add(None, None, "", _("There are no counts."))
    with transaction.atomic():
        counts = CountChecker(_register(batch), errors).counts(batch)
        errors.raise_if_any()
        write_counts(counts)
        touched = Touched()
        touched.add(counts)
        weeks = follow(touched)
    return Imported(counts.height, 0, len(touched.days), weeks)


def record_visits(point_id: str, service: str, mode: str, day: date, visits: int) -> Imported:
    """Set the visits of one point, day, service and mode. Raises :class:`ImportRejected`."""
    row: dict[str, Value] = {
        "point": point_id,
        "date": day,
        "service": service,
        "mode": mode,
        "visits": visits,
    }
    return record_counts([row])


def add_visit(point_id: str, service: str, mode: str, day: date | None = None) -> None:
    """Count one visitor more, now or on ``day``. Raises :class:`ImportRejected`."""
    errors = ErrorList("counts")
    on = day or today()
    row: dict[str, Value] = {
        "point": point_id,
        "date": on,
        "service": service,
        "mode": mode,
        "visits": 1,
    }
    batch = _batch([row], COUNT_COLUMNS)
    with transaction.atomic():
        counts = CountChecker(_register(batch), errors).counts(batch)
        errors.raise_if_any()
        add_one(point_id, on, service, mode)
        touched = Touched()
        touched.add(counts)
        follow(touched)


def take_back_visit(point_id: str, service: str, mode: str, day: date) -> bool:
    """Undo one :func:`add_visit`; ``False`` where no visit is left to take, as after an import
    that replaced the count.
    """
    with transaction.atomic():
        if not take_one_back(point_id, day, service, mode):
            return False
        follow(Touched({point_id: (day, day)}))
    return True


def report_day(
    point_id: str,
    day: date,
    *,
    open_minutes: int | None = None,
    slots: int | None = None,
    booked: int | None = None,
) -> None:
    """Report a day as kept, with what is known of it: nobody may have come, and that is a zero.

    Raises :class:`ImportRejected`.
    """
    errors = ErrorList("reports")
    row: dict[str, Value] = {
        "point": point_id,
        "date": day,
        "open_minutes": open_minutes,
        "slots": slots,
        "booked": booked,
    }
    batch = _batch([row], ("point", "date", *DAY_COLUMNS))
    with transaction.atomic():
        reports = CountChecker(_register(batch), errors).reports(batch)
        errors.raise_if_any()
        write_reports(reports, synthetic=False)
        touched = Touched()
        touched.add(reports)
        follow(touched)


def finish_weeks() -> int:
    """Make the weeks that have ended since the last call, also of points that sent nothing.

    Meant for a timer; calling it when no week has ended costs two look-ups and changes nothing.
    Returns the number of weeks made.
    """
    with transaction.atomic():
        behind = points_behind()
        weeks = rebuild_weeks(list(behind), touched=behind) if behind else 0
        if weeks:
            update_findings(list(behind))
    return weeks


def _batch(rows: Sequence[Mapping[str, Value]], columns: Sequence[str]) -> pl.DataFrame:
    def text(value: Value) -> str | None:
        return None if value is None or value == "" else str(value).strip()

    content = {name: [text(row.get(name)) for row in rows] for name in columns}
    frame = pl.DataFrame(content, schema=dict.fromkeys(columns, pl.String))
    return frame.with_row_index("row", offset=1)


def _register(batch: pl.DataFrame) -> Register:
    return Register.load(batch["point"].drop_nulls().unique().to_list())
