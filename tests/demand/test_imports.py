"""Files of counts: good ones replace, bad ones change nothing and say everything at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.demand import reading, services, validation
from palveluverkko.demand.imports import import_days, import_visits
from palveluverkko.demand.models import DailyVisits, DayReport, PointFinding, PointWeek
from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.models import ServicePoint
from palveluverkko.snapshot.model import WeekStatus
from tests.demand.conftest import MONDAY

HEADER = "point,date,service,mode,visits"
Write = Callable[..., Path]
pytestmark = pytest.mark.django_db


def rows() -> set[tuple[object, ...]]:
    fields = ("point_id", "date", "service_id", "mode", "visits")
    return set(DailyVisits.objects.values_list(*fields))


def rejected(path: Path, **options: object) -> list[tuple[int | None, str | None, str, str]]:
    before = rows()
    with pytest.raises(ImportRejected) as caught:
        import_visits(path, **options)  # type: ignore[arg-type]
    assert rows() == before
    return [(e.row, e.column, e.value, e.rule) for e in caught.value.errors]


def test_a_good_file_becomes_counts_weeks_and_findings(point: ServicePoint, write: Write) -> None:
    path = write(
        HEADER,
        "a,2018-01-15,general,walk_in,3",
        "a,2018-01-17,general,appointment,4",
        "a,2018-01-17,family,walk_in,0",
    )
    done: list[tuple[int, int]] = []
    result = import_visits(path, lambda at, total: done.append((at, total)))
    assert (result.counts, result.reports, result.points, result.weeks) == (3, 0, 1, 1)
    assert ("a", date(2018, 1, 17), "general", "appointment", 4) in rows()
    row = PointWeek.objects.get()
    assert (row.monday, row.status, row.visits) == (MONDAY, WeekStatus.COMPLETE, 7)
    assert PointFinding.objects.get().up_to == MONDAY
    assert done[-1] == (path.stat().st_size, path.stat().st_size)


def test_a_resent_day_replaces(point: ServicePoint, write: Write) -> None:
    import_visits(write(HEADER, "a,2018-01-15,general,walk_in,3"))
    import_visits(write(HEADER, "a,2018-01-15,general,walk_in,8"))
    assert rows() == {("a", MONDAY, "general", "walk_in", 8)}
    assert PointWeek.objects.get().visits == 8


def test_every_error_of_a_file_comes_at_once(
    make_point: Callable[..., ServicePoint], write: Write
) -> None:
    make_point("a", opened=date(2018, 1, 2), ended=date(2018, 2, 28))
    future = date.today() + timedelta(days=3)
    path = write(
        HEADER,
        "nowhere,2018-01-15,general,walk_in,1",
        "a,2018-01-15,cooking,walk_in,1",
        "a,2018-01-15,general,carrier_pigeon,1",
        "a,2018-01-15,general,walk_in,-3",
        "a,2018-01-15,general,appointment,2.5",
        "a,15.1.2018,general,walk_in,1",
        "a,2018-01-01,general,walk_in,1",
        "a,2018-03-01,general,walk_in,1",
        f"a,{future},general,walk_in,1",
        "a,2018-01-16,general,walk_in,many",
        "",
        "a,2018-01-16,general,walk_in,",
        "a,2018-01-17,general,walk_in,1",
        "a,2018-01-17,general,walk_in,1",
        "a,2018-01-17,family,walk_in,1,9",
        "a,2018-01-17,fam",
    )
    found = rejected(path)
    assert [(row, column, value) for row, column, value, _rule in found] == [
        (2, "point", "nowhere"),
        (3, "service", "cooking"),
        (4, "mode", "carrier_pigeon"),
        (5, "visits", "-3"),
        (6, "visits", "2.5"),
        (7, "date", "15.1.2018"),
        (8, "date", "2018-01-01"),
        (9, "date", "2018-03-01"),
        (10, "date", str(future)),
        (10, "date", str(future)),
        (11, "visits", "many"),
        (13, "visits", ""),
        (15, None, "a, 2018-01-17, general, walk_in"),
        (16, None, "9"),
        (17, "service", "fam"),
        (17, "mode", ""),
        (17, "visits", ""),
    ]
    rules = {row: rule for row, _column, _value, rule in found}
    assert rules[5] == "The number is negative."
    assert rules[6] == "The number is not a whole number."
    assert rules[8] == "The point had not opened yet on this day."
    assert rules[9] == "The point had already ended before this day."
    assert not PointWeek.objects.exists()


def test_a_repeated_key_is_found_across_batches(
    point: ServicePoint, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK_BYTES", 40)
    path = write(
        HEADER,
        *(f"a,2018-01-{d:02},general,walk_in,1" for d in range(1, 20)),
        "a,2018-01-03,general,walk_in,2",
    )
    assert [(row, value) for row, _c, value, _r in rejected(path)] == [
        (21, "a, 2018-01-03, general, walk_in")
    ]


@pytest.mark.parametrize(
    ("lines", "row", "column"),
    [
        (["point,date,service,visits", "a,2018-01-15,general,1"], 1, "mode"),
        ([HEADER + ",slotts", "a,2018-01-15,general,walk_in,1,3"], 1, "slotts"),
        ([HEADER + ",visits", "a,2018-01-15,general,walk_in,1,3"], 1, "visits"),
        ([HEADER], None, None),
        ([""], None, None),
        ([HEADER, 'a,2018-01-15,"general,walk_in,1'], 2, None),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(
    point: ServicePoint, write: Write, lines: list[str], row: int | None, column: str | None
) -> None:
    assert (row, column) in [(r, c) for r, c, _v, _rule in rejected(write(*lines))]


def test_an_empty_file_is_refused(point: ServicePoint, tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        (tmp_path / name).write_bytes(b"")
        assert [rule for *_at, rule in rejected(tmp_path / name)] == ["The file is empty."]


def test_a_file_in_another_encoding_is_refused_with_its_row(
    point: ServicePoint, write: Write
) -> None:
    lines = [HEADER, "a,2018-01-15,general,walk_in,1", "pälkäne,2018-01-15,general,walk_in,1"]
    found = rejected(write(*lines, encoding="latin-1"))
    assert (3, None, "e4", "The file is not UTF-8. Save it as UTF-8.") in found
    assert rejected(write(*lines, encoding="utf-16"))[0][3].startswith("The file is not UTF-8")


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_accepted(
    point: ServicePoint, write: Write
) -> None:
    path = write(
        "point;date;service;mode;visits;open_hours;slots;booked",
        "a;2018-01-15;general;walk_in;3,0;5,5;12;9",
        '"a";2018-01-15;family;walk_in;1;;;',
        encoding="utf-8-sig",
    )
    assert import_visits(path).reports == 1
    report = DayReport.objects.get()
    assert (report.open_minutes, report.slots, report.booked) == (330, 12, 9)
    assert len(rows()) == 2


def test_rows_of_a_day_that_contradict_each_other_are_refused(
    point: ServicePoint, write: Write
) -> None:
    path = write(
        HEADER + ",open_minutes,open_hours,slots",
        "a,2018-01-15,general,walk_in,3,330,,12",
        "a,2018-01-15,family,walk_in,3,330,,13",
        "a,2018-01-17,family,walk_in,3,330,6,",
        "a,2018-01-18,family,walk_in,3,1441,,-1",
    )
    assert [(row, column) for row, column, _v, _r in rejected(path)] == [
        (3, "slots"),
        (4, "open_minutes"),
        (5, "slots"),
        (5, "open_minutes"),
    ]


def test_days_come_as_a_file_of_their_own(point: ServicePoint, write: Write) -> None:
    counts = write(HEADER, "a,2018-01-15,general,walk_in,3")
    days = write("point,date,open_hours,slots,booked", "a,2018-01-17,6,10,0", name="days.csv")
    assert import_visits(counts, days=days, synthetic=True).reports == 1
    assert PointWeek.objects.get().status == WeekStatus.COMPLETE
    assert DayReport.objects.get().synthetic
    bad = write("point,date,slots", "a,2018-01-17,1", "a,2018-01-17,1", name="days.csv")
    with pytest.raises(ImportRejected, match=r"days.csv, row 3.*twice"):
        import_days(bad)
    assert DayReport.objects.get().slots == 10
    again = write(HEADER, "a,2018-01-15,general,walk_in,9")
    with pytest.raises(ImportRejected):
        import_visits(again, days=bad)
    assert DailyVisits.objects.get().visits == 3


def test_parquet_says_the_same_as_csv(point: ServicePoint, tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "point": ["a", "a", "b"],
            "date": [MONDAY, MONDAY + timedelta(days=2), MONDAY],
            "service": ["general"] * 3,
            "mode": ["walk_in"] * 3,
            "visits": [3.0, 4.0, 5.5],
        }
    )
    path = tmp_path / "counts.parquet"
    frame.write_parquet(path)
    assert [(r, c, v) for r, c, v, _rule in rejected(path)] == [
        (3, "point", "b"),
        (3, "visits", "5.5"),
    ]
    frame.head(2).write_parquet(path)
    assert import_visits(path).counts == 2
    assert PointWeek.objects.get().visits == 7
    path.write_bytes(b"point,date\n")
    assert rejected(path)[0][3] == "The file is not a Parquet file."


def test_large_files_go_through_copy_and_two_imports_share_a_transaction(
    make_point: Callable[..., ServicePoint], write: Write, django_assert_max_num_queries: object
) -> None:
    for code in ("a", "b", "c", "d"):
        make_point(code)
    days = [MONDAY - timedelta(days=i) for i in range(400)]
    lines = [f"{p},{d},general,walk_in,{i % 7}" for p in "abcd" for i, d in enumerate(days)]
    for factor in (1, 2):
        scaled = [f"{line.rsplit(',', 1)[0]},{int(line[-1]) * factor}" for line in lines]
        assert import_visits(write(HEADER, *scaled)).counts == 1600
        assert sum(r[4] for r in rows()) == factor * 4 * sum(i % 7 for i in range(400))  # type: ignore[misc]
    assert connection.in_atomic_block
    assert DailyVisits.objects.count() == 1600


def test_a_file_without_lines_is_refused_before_it_fills_the_memory(
    point: ServicePoint, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BLOCK_BYTES", 40)
    assert rejected(write(HEADER, "x" * 500))[0][3] == "A line is too long."


def test_more_errors_than_fit_are_counted(
    point: ServicePoint, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palveluverkko.demand.errors.KEPT", 5)
    path = write(HEADER, *(f"x,2018-01-{d:02},general,walk_in,1" for d in range(1, 20)))
    with pytest.raises(ImportRejected) as caught:
        import_visits(path)
    assert (len(caught.value.errors), caught.value.omitted) == (5, 14)


cells = st.sampled_from(
    [
        "a",
        "",
        "2018-01-15",
        "2018-02-31",
        "general",
        "walk_in",
        "0",
        "7",
        "-1",
        "1,5",
        "1e400",
        "ä",
        '"',
    ]
)


@settings(max_examples=60)
@given(st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=5))
def test_whatever_a_file_holds_it_is_imported_or_refused_by_name(
    point: ServicePoint, tmp_path: Path, content: list[list[str]]
) -> None:
    path = tmp_path / "any.csv"
    path.write_text("\n".join([HEADER, *(",".join(line) for line in content)]), encoding="utf-8")
    before = rows()
    try:
        import_visits(path)
    except ImportRejected:
        assert rows() == before


def test_one_count_obeys_the_rules_of_files(point: ServicePoint) -> None:
    with pytest.raises(ImportRejected, match="negative"):
        services.record_visits("a", "general", "walk_in", MONDAY, -1)
    with pytest.raises(ImportRejected, match="no such point"):
        services.add_visit("b", "general", "walk_in", MONDAY)
    with pytest.raises(ImportRejected, match="no counts"):
        services.record_counts([])
    assert validation.MOST > 2**31 - 2
