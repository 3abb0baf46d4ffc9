"""Bits of five minutes say the same as the minutes themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.availability import Window, cells_for, pack, unpack, windows_over
from palveluverkko.availability.masks import (
    CELL,
    DAY_MASK,
    WINDOW_CELLS,
    cells,
    clock_mask,
    runs,
)
from tests.availability.strategies import DAYS

DAY = date(2026, 3, 2)
WINDOW = Window(DAY)
# Seconds as well, and beyond both ends of the window.
moments = st.integers(-3 * 3600, 42 * 3600).map(
    lambda s: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=s)
)
some_spans = st.lists(
    st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), max_size=4
)
masks = st.integers(0, (1 << WINDOW_CELLS) - 1)


def borders(cell: int) -> tuple[datetime, datetime]:
    start = datetime(2026, 3, 1, 22, tzinfo=UTC) + timedelta(minutes=5 * cell)
    return start, start + timedelta(minutes=5)


@given(some_spans)
def test_a_cell_is_inside_when_one_span_holds_all_of_it(spans) -> None:
    mask = WINDOW.within(spans)
    for cell in range(WINDOW_CELLS):
        start, end = borders(cell)
        assert bool(mask >> cell & 1) == any(s <= start and end <= e for s, e in spans)
    assert mask >> WINDOW_CELLS == 0


@given(some_spans)
def test_a_cell_is_touched_when_a_span_has_any_of_it(spans) -> None:
    mask = WINDOW.touched(spans)
    for cell in range(WINDOW_CELLS):
        start, end = borders(cell)
        assert bool(mask >> cell & 1) == any(s < end and start < e for s, e in spans)
    assert mask >> WINDOW_CELLS == 0


@given(some_spans, st.sampled_from(["Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham"]))
def test_the_zone_in_which_a_span_is_told_changes_nothing(spans, zone: str) -> None:
    told = [(s.astimezone(ZoneInfo(zone)), e.astimezone(ZoneInfo(zone))) for s, e in spans]
    assert WINDOW.within(told) == WINDOW.within(spans)
    assert WINDOW.touched(told) == WINDOW.touched(spans)


@given(masks, st.integers(1, 150))
def test_a_run_begins_where_as_many_free_cells_follow(free: int, length: int) -> None:
    bits = [bool(free >> i & 1) for i in range(WINDOW_CELLS)]
    wanted = [
        i
        for i in range(WINDOW_CELLS)
        if i + length <= WINDOW_CELLS and all(bits[i : i + length])
    ]  # fmt: skip
    assert list(cells(runs(free, length))) == wanted


@given(st.integers(1, 500), st.integers(0, 60))
def test_a_run_in_what_is_free_for_long_reaches_its_end(length: int, first: int) -> None:
    free = ((1 << 600) - 1) << first
    assert list(cells(runs(free, length))) == list(range(first, first + 600 - length + 1))


@given(moments)
def test_a_moment_has_a_cell_only_on_the_grid_and_in_the_window(moment: datetime) -> None:
    cell = WINDOW.cell(moment)
    wanted = [i for i in range(WINDOW_CELLS) if borders(i)[0] == moment]
    assert ([] if cell is None else [cell]) == wanted


@given(masks)
def test_moments_are_where_the_cells_begin(mask: int) -> None:
    wanted = [borders(i)[0] for i in range(WINDOW_CELLS) if mask >> i & 1]
    assert list(WINDOW.moments(mask)) == wanted


@settings(max_examples=60)
@given(st.sampled_from(DAYS), st.sampled_from([5, 10, 15, 20, 30, 45, 60, 90]))
def test_the_clock_shows_a_multiple_of_the_step_in_local_time(zoned, step: int) -> None:
    zone, day = zoned
    window, mask = Window(day), clock_mask(day, zone, step)
    for cell in range(WINDOW_CELLS):
        local = (window.origin + cell * CELL).astimezone(ZoneInfo(zone))
        minutes = int(local.strftime("%H")) * 60 + int(local.strftime("%M"))
        assert bool(mask >> cell & 1) == (minutes % step == 0)


def test_the_day_is_its_24_hours_and_no_more() -> None:
    shown = list(WINDOW.moments(DAY_MASK))
    assert (shown[0], shown[-1]) == (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 55, tzinfo=UTC),
    )
    assert len(shown) == 288


@given(moments, st.integers(1, 40 * 3600))
def test_windows_over_a_time_are_all_that_meet_it(start: datetime, seconds: int) -> None:
    end = start + timedelta(seconds=seconds)
    near = [Window(DAY + timedelta(days=i)) for i in range(-4, 6)]
    assert list(windows_over(start, end)) == [w for w in near if w.origin < end and start < w.end]


@given(st.integers(0, 600))
def test_a_part_of_a_cell_needs_all_of_it(minutes: int) -> None:
    assert 0 <= cells_for(minutes) * 5 - minutes < 5


@given(st.dictionaries(st.sampled_from(["*", "fi", "sv", "so"]), masks))
def test_packed_starts_come_back_as_they_were(starts: dict[str, int]) -> None:
    assert unpack(pack(starts)) == starts
