"""Travel times, a batch at a time: CSV or Parquet with the columns that r5py writes.

``from_id`` is a population area, ``to_id`` a point, ``travel_time`` minutes. An empty time means
that the point was not reached and stores nothing. ``transport`` and ``source`` may follow. Where
a pair stands twice, the later row holds.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice

import polars as pl
from django.db import connection

from palveluverkko.network.exchange.collecting import ErrorList, Place
from palveluverkko.network.exchange.records import TravelBatches
from palveluverkko.network.exchange.sources import BOM, ByteCount, Member
from palveluverkko.network.models import Area, ServicePoint, TravelTime

Progress = Callable[[int, int], None]
TRAVEL_NAMES = ("travel_times.csv", "travel_times.parquet")
COLUMNS = ("from_id", "to_id", "travel_time", "transport", "source")
# r5py names the median so where several percentiles were asked for.
MEDIAN = "travel_time_p50"
DEFAULT_TRANSPORT = "car"
BLOCK_BYTES = 8 * 1024 * 1024
BATCH_ROWS = 100_000


class TravelTable:
    """The travel times of one file. Every iteration reads the file anew; ``errors`` are its own.

    Frames hold ``row`` (line in the file), ``from_id``, ``to_id``, ``raw`` (the time as written),
    ``travel_time`` (null where empty or not a number), ``transport`` and ``source``.
    """

    def __init__(self, member: Member, count: ByteCount) -> None:
        self.member, self._count = member, count
        self.errors = ErrorList()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        if not self.member.size:
            self.errors.add(Place(self.member.name, None), None, "", "empty_file")
        elif self.member.name.lower().endswith(".parquet"):
            yield from self._parquet()
        else:
            yield from self._csv()

    def scan(self, areas: Iterable[str], points: Iterable[str]) -> None:
        """Reads the whole table for its errors only."""
        known = _KnownIds(areas, points)
        for frame in self:
            _good_rows(frame, known, Place(self.member.name, None), self.errors)

    def _csv(self) -> Iterator[pl.DataFrame]:
        with closing(self.member.open()) as file:
            first = file.readline(1 << 20)
            header = first.removeprefix(BOM).decode("utf-8", errors="replace").strip()
            separator = max((",", ";", "\t"), key=header.count)
            columns = [c.strip().strip('"') for c in header.split(separator)]
            self._count.add(len(first))
            if not self._known_columns(columns):
                return
            position, row, rest = len(first), 2, b""
            while block := file.read(BLOCK_BYTES):
                whole, rest = _whole_lines(rest + block)
                if not self._decodes(whole, position, row):
                    return
                frame = self._block(whole, columns, separator, row)
                if frame is None:
                    return
                position, row = position + len(whole), row + whole.count(b"\n")
                self._count.add(len(block))
                yield frame
            if rest and self._decodes(rest, position, row):
                frame = self._block(rest, columns, separator, row)
                if frame is not None:
                    yield frame

    def _decodes(self, data: bytes, position: int, row: int) -> bool:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = row + data.count(b"\n", 0, error.start)
            place = Place(self.member.name, line)
            shown = f"0x{data[error.start]:02X}"
            self.errors.add(place, None, shown, "encoding", position=position + error.start)
            return False
        return True

    def _block(
        self, data: bytes, columns: list[str], separator: str, row: int
    ) -> pl.DataFrame | None:
        if not data.strip():
            return pl.DataFrame(schema=_SCHEMA)
        try:
            frame = pl.read_csv(
                io.BytesIO(data),
                has_header=False,
                new_columns=columns,
                separator=separator,
                infer_schema=False,
                schema=dict.fromkeys(columns, pl.String),
            )
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            self.errors.add(Place(self.member.name, row), None, "", "csv_syntax", reason=reason)
            return None
        return _normal(frame.with_row_index("row", offset=row), self.member.name)

    def _parquet(self) -> Iterator[pl.DataFrame]:
        place = Place(self.member.name, None)
        try:
            with closing(self.member.open()) as file:
                data = io.BytesIO(file.read()) if not file.seekable() else file
                # Row groups are read as they are asked for; only the columns in use are decoded.
                lazy = pl.scan_parquet(data)
                columns = lazy.collect_schema().names()
                if not self._known_columns(columns, others_allowed=True):
                    return
                rows = lazy.select(pl.len()).collect().item()
                for start in range(0, rows, BATCH_ROWS):
                    frame = lazy.slice(start, BATCH_ROWS).collect()
                    self._count.add(self.member.size * frame.height // rows)
                    yield _normal(frame.with_row_index("row", offset=start + 1), self.member.name)
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            self.errors.add(place, None, "", "unreadable", reason=reason)

    def _known_columns(self, columns: list[str], others_allowed: bool = False) -> bool:
        place = Place(self.member.name, 1)
        good = True
        for column in ("from_id", "to_id"):
            if column not in columns:
                self.errors.add(place, column, "", "missing_column")
                good = False
        if "travel_time" not in columns and MEDIAN not in columns:
            self.errors.add(place, "travel_time", "", "missing_column")
            good = False
        for column in columns:
            if not (others_allowed or column in COLUMNS or column.startswith("travel_time_p")):
                known = ", ".join(COLUMNS)
                self.errors.add(place, column, column, "unknown_column", known=known)
                good = False
        return good


class StoredTravelTimes:
    """The travel times that the register holds."""

    def __iter__(self) -> Iterator[pl.DataFrame]:
        rows = TravelTime.objects.order_by("area_id", "point_id", "transport").values_list(
            "area_id", "point_id", "minutes", "transport", "source"
        )
        stream = rows.iterator(chunk_size=BATCH_ROWS)
        while batch := list(islice(stream, BATCH_ROWS)):
            schema = {name: _SCHEMA[name] for name in COLUMNS}
            yield pl.DataFrame(batch, schema=schema, orient="row")


def has_travel_times() -> bool:
    return TravelTime.objects.exists()


def write_travel_times(batches: TravelBatches) -> Iterator[str]:
    """The table as pieces of a CSV file."""
    yield ",".join(COLUMNS) + "\r\n"
    for frame in batches:
        kept = frame.filter(pl.col("travel_time").is_not_null()).select(COLUMNS)
        yield kept.write_csv(include_header=False, line_terminator="\r\n")


def store_travel_times(
    batches: TravelBatches, replace: bool = False, progress: Progress | None = None
) -> tuple[int, int, int]:
    """Adds or changes travel times; returns rows added, changed and removed.

    Runs inside the caller's transaction: a bad row anywhere raises ``ImportRejected`` with all
    errors after the whole table was read, and what was written is rolled back by the caller.
    """
    known = _KnownIds(
        Area.objects.values_list("pk", flat=True), ServicePoint.objects.values_list("pk", flat=True)
    )
    table = batches if isinstance(batches, TravelTable) else None
    errors = table.errors if table else ErrorList()
    place = Place(table.member.name if table else TRAVEL_NAMES[0], None)
    removed = TravelTime.objects.all().delete()[0] if replace else 0
    before, written = TravelTime.objects.count(), 0
    for frame in batches:
        good = _good_rows(frame, known, place, errors)
        if not errors:  # once the import is lost, reading on only finds the other errors
            written += _upsert(good)
    errors.reject()
    added = TravelTime.objects.count() - before
    return added, written - added, removed


class _KnownIds:
    def __init__(self, areas: Iterable[str], points: Iterable[str]) -> None:
        self.areas = pl.Series(list(areas), dtype=pl.String).implode()
        self.points = pl.Series(list(points), dtype=pl.String).implode()


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "row": pl.UInt32,
    "from_id": pl.String,
    "to_id": pl.String,
    "raw": pl.String,
    "travel_time": pl.Float64,
    "transport": pl.String,
    "source": pl.String,
}


def _whole_lines(data: bytes) -> tuple[bytes, bytes]:
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _normal(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """The frame with the columns of :data:`_SCHEMA`; r5py writes ids as text or whole numbers."""
    time = "travel_time" if "travel_time" in frame.columns else MEDIAN
    raw = pl.col(time).cast(pl.String).str.strip_chars().replace({"": None, "NaN": None})
    optional = {
        "transport": pl.lit(DEFAULT_TRANSPORT),
        "source": pl.lit(source[:200]),
    }
    return frame.select(
        pl.col("row").cast(pl.UInt32),
        pl.col("from_id").cast(pl.String).str.strip_chars(),
        pl.col("to_id").cast(pl.String).str.strip_chars(),
        raw.alias("raw"),
        raw.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).alias("travel_time"),
        *(
            (pl.coalesce(pl.col(c), default) if c in frame.columns else default).alias(c)
            for c, default in optional.items()
        ),
    )


def _good_rows(
    frame: pl.DataFrame, known: _KnownIds, place: Place, errors: ErrorList
) -> pl.DataFrame:
    """The rows that can be stored; the others become errors."""
    if "raw" not in frame.columns:
        frame = frame.with_columns(
            pl.col("travel_time").cast(pl.String).alias("raw"),
            pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).alias("row"),
        )
    minutes = pl.col("travel_time")
    rules = {
        "from_id": ("unknown_area", ~pl.col("from_id").is_in(known.areas).fill_null(False)),
        "to_id": ("unknown_point", ~pl.col("to_id").is_in(known.points).fill_null(False)),
        "raw": (
            "minutes",
            pl.col("raw").is_not_null()
            & (minutes.is_null() | (minutes < 0) | ~minutes.is_finite()).fill_null(True),
        ),
        "transport": ("string_too_long", pl.col("transport").str.len_chars() > 20),
        "source": ("string_too_long", pl.col("source").str.len_chars() > 200),
    }
    limits = {"transport": 20, "source": 200}
    marked = frame.with_columns(broken.alias(f"bad_{c}") for c, (_, broken) in rules.items())
    any_bad = pl.any_horizontal(f"bad_{c}" for c in rules)
    for row in marked.filter(any_bad).iter_rows(named=True):
        for column, (rule, _) in rules.items():
            if row[f"bad_{column}"]:
                name = "travel_time" if column == "raw" else column
                where = Place(place.file, row["row"])
                limit = limits.get(column, 0)
                errors.add(where, name, row[column], rule, max_length=limit)
    return marked.filter(~any_bad & minutes.is_not_null())


def _upsert(frame: pl.DataFrame) -> int:
    """Rows inserted or changed. Plain SQL: the ORM's bulk upsert builds one object a row."""
    if frame.is_empty():
        return 0
    name = connection.ops.quote_name(TravelTime._meta.db_table)
    statement = (
        f"INSERT INTO {name} AS t (area_id, point_id, minutes, transport, source) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (area_id, point_id, transport) DO UPDATE "
        "SET minutes = excluded.minutes, source = excluded.source "
        "WHERE t.minutes <> excluded.minutes OR t.source <> excluded.source"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, frame.select(COLUMNS).rows())
        return max(int(cursor.rowcount), 0)
