"""Checking counts: every rule on a whole batch at once, with the register as it is now.

:class:`CountChecker` takes batches of raw text (see ``reading``) and gives typed rows; what breaks
a rule is left out of them and goes to the error list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from palveluverkko.demand.clock import today
from palveluverkko.demand.errors import ErrorList
from palveluverkko.demand.repeats import Repeats
from palveluverkko.network.models import Service, ServicePoint
from palveluverkko.snapshot.model import Mode

COUNT_COLUMNS = ("point", "date", "service", "mode", "visits")
DAY_COLUMNS = ("open_hours", "open_minutes", "slots", "booked")
FIRST_DAY = date(1900, 1, 1)  # an older date is a slip of the keyboard
MOST = 2_147_483_647  # what the databases' integer columns hold
DAY_MINUTES = 1440


@dataclass(frozen=True)
class Register:
    """What the rules look things up in: frames keyed by code."""

    points: pl.DataFrame  # point, p, opens, ends, today
    services: pl.DataFrame  # service, s
    modes: pl.DataFrame  # mode, m
    today: date

    @classmethod
    def load(cls, point_ids: Sequence[str] | None = None) -> Register:
        found = ServicePoint.objects.order_by("id")
        if point_ids is not None:
            found = found.filter(id__in=point_ids)
        agency_day = today()
        rows = found.values_list("id", "valid_from", "valid_until", "timezone")
        points = pl.DataFrame(
            # Far east of the agency, the point's day has begun while the agency's has not.
            [(i, a, b, today(zone) if zone else agency_day) for i, a, b, zone in rows],
            schema={"point": pl.String, "opens": pl.Date, "ends": pl.Date, "today": pl.Date},
            orient="row",
        )
        services = list(Service.objects.order_by("code").values_list("code", flat=True))
        return cls(
            points=points.with_row_index("p"),
            services=_indexed("service", services, "s"),
            modes=_indexed("mode", [m.value for m in Mode], "m"),
            today=agency_day,
        )


def _indexed(name: str, codes: list[str], index: str) -> pl.DataFrame:
    return pl.DataFrame({name: codes}, schema={name: pl.String}).with_row_index(index)


class CountChecker:
    """Checks the batches of one file, in order. Keeps what it must know of earlier batches."""

    def __init__(self, register: Register, errors: ErrorList) -> None:
        self.register = register
        self.errors = errors
        self._repeats = Repeats(
            register.points.height, register.services.height * register.modes.height
        )

    def counts(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Rows ``row, point, day, service, mode, visits, p`` that break no rule."""
        frame = self._with_day(batch)
        frame = frame.join(self.register.services, "service", "left", maintain_order="left")
        frame = frame.join(self.register.modes, "mode", "left", maintain_order="left")
        frame = frame.with_columns(number("visits").alias("count"))
        frame = self._refuse(
            frame,
            [
                *self._point_rules(),
                ("service", pl.col("s").is_null(), _("There is no such service.")),
                ("mode", pl.col("m").is_null(), _("There is no such mode of service.")),
                *whole_number_rules("visits", "count", required=True),
            ],
        )
        frame = frame.with_columns(pl.col("count").cast(pl.Int64).alias("visits"))
        return self._refuse_repeated(frame)

    def days(self, batch: pl.DataFrame) -> pl.DataFrame:
        """The day's own figures on the rows of a file of counts, where any is given.

        As :meth:`reports`; point and date are left to :meth:`counts`, which names their errors.
        """
        present = [c for c in DAY_COLUMNS if c in batch.columns]
        if not present:
            return self.reports(batch.clear())
        given = batch.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in present))
        known = self.reports(given, rules=[])
        return known.filter(pl.col("p").is_not_null() & pl.col("day").is_not_null())

    def reports(self, batch: pl.DataFrame, rules: list[Rule] | None = None) -> pl.DataFrame:
        """Rows ``row, point, day, p, open_minutes, slots, booked`` that break no rule.

        A report without figures still says that the day was reported.
        """
        frame = self._with_day(batch)
        rules = self._point_rules() if rules is None else rules
        for name in DAY_COLUMNS:
            if name not in frame.columns:
                frame = frame.with_columns(pl.lit(None, pl.String).alias(name))
            frame = frame.with_columns(number(name).alias(f"{name}_n"))
            if name != "open_hours":
                rules += whole_number_rules(name, f"{name}_n")
        hours, minutes = pl.col("open_hours_n"), pl.col("open_minutes_n")
        rules += [
            (
                "open_hours",
                (pl.col("open_hours").is_not_null() & hours.is_null())
                | ~hours.is_between(0, DAY_MINUTES / 60),
                _("Write the hours as a number from 0 to 24."),
            ),
            ("open_minutes", minutes > DAY_MINUTES, _("A day has at most 1440 minutes.")),
            (
                "open_minutes",
                (hours * 60 - minutes).abs() > 1,
                _("The minutes do not agree with the hours."),
            ),
        ]
        frame = self._refuse(frame, rules)
        return frame.select(
            "row",
            "point",
            "day",
            "p",
            pl.coalesce(minutes, (hours * 60).round()).cast(pl.Int64).alias("open_minutes"),
            pl.col("slots_n").cast(pl.Int64).alias("slots"),
            pl.col("booked_n").cast(pl.Int64).alias("booked"),
        )

    def _with_day(self, batch: pl.DataFrame) -> pl.DataFrame:
        dated = batch.with_columns(
            pl.col("date").str.to_date("%Y-%m-%d", strict=False).alias("day")
        )
        return dated.join(self.register.points, "point", "left", maintain_order="left")

    def _point_rules(self) -> list[Rule]:
        day = pl.col("day")
        return [
            ("point", pl.col("p").is_null(), _("There is no such point.")),
            (
                "date",
                day.is_null() | (day < FIRST_DAY),
                _("Write the date as YYYY-MM-DD."),
            ),
            (
                "date",
                day > pl.coalesce("today", pl.lit(self.register.today)),
                _("The date is in the future."),
            ),
            ("date", day < pl.col("opens"), _("The point had not opened yet on this day.")),
            ("date", day > pl.col("ends"), _("The point had already ended before this day.")),
        ]

    def _refuse(self, frame: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
        """Report every broken rule of every row; give the rows that break none."""
        masks = frame.select(
            broken.fill_null(False).alias(str(i))
            for i, (_column, broken, _rule) in enumerate(rules)
        )
        bad = masks.select(pl.any_horizontal(pl.all())).to_series()
        if not bad.any():
            return frame
        for i, (column, _broken, rule) in enumerate(rules):
            for row, value in frame.filter(masks[str(i)]).select("row", column).iter_rows():
                self.errors.add(row, column, value, rule)
        return frame.filter(~bad)

    def _refuse_repeated(self, frame: pl.DataFrame) -> pl.DataFrame:
        kind = pl.col("s").cast(pl.Int64) * self.register.modes.height + pl.col("m")
        repeated = pl.Series(
            self._repeats.mark(
                frame["p"].to_numpy(),
                frame["day"].to_physical().to_numpy(),
                frame.select(kind).to_series().to_numpy(),
            ),
            dtype=pl.Boolean,
        )
        if not repeated.any():
            return frame
        rule = _("The same point, day, service and mode is in the file twice.")
        for row, *key in (
            frame.filter(repeated).select("row", "point", "date", "service", "mode").iter_rows()
        ):
            self.errors.add(row, None, ", ".join(key), rule)
        return frame.filter(~repeated)


Rule = tuple[str, pl.Expr, str]


def number(column: str) -> pl.Expr:
    """The column as a number, decimal point or comma; null where it is none."""
    text = pl.col(column).str.replace(",", ".", literal=True)
    value = text.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value)


def whole_number_rules(column: str, parsed: str, required: bool = False) -> list[Rule]:
    raw, value = pl.col(column), pl.col(parsed)
    rules = [
        (column, raw.is_not_null() & value.is_null(), _("This is not a number.")),
        (column, value < 0, _("The number is negative.")),
        (column, value != value.floor(), _("The number is not a whole number.")),
        (column, value > MOST, _("The number is too large.")),
    ]
    if required:
        rules.append((column, raw.is_null(), _("The number is missing.")))
    return rules
