"""Scenes drawn at random, on ordinary days, on days of clock changes, in awkward zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from tests.availability.oracle import MINUTE, Meeting, Person, Scene, Spans

DAYS = [
    ("Europe/Helsinki", date(2026, 3, 2)),
    ("Europe/Helsinki", date(2026, 3, 29)),
    ("Europe/Helsinki", date(2026, 10, 25)),
    ("Europe/Helsinki", date(2026, 10, 24)),
    ("America/St_Johns", date(2026, 3, 8)),
    ("America/St_Johns", date(2026, 11, 1)),
    ("Asia/Kathmandu", date(2026, 3, 2)),
    ("Pacific/Chatham", date(2026, 4, 4)),
    ("Pacific/Chatham", date(2026, 9, 26)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("America/Los_Angeles", date(2026, 3, 8)),
    ("America/Los_Angeles", date(2026, 11, 2)),
    ("Etc/UTC", date(2026, 12, 31)),
]
LANGUAGES = ("fi", "sv", "so")


@st.composite
def spans(draw: st.DrawFn, day: date, most: int = 3, grid: int = 1) -> Spans:
    """Spans that do not touch, from two hours before the UTC day to half a day behind it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first, last = -120 // grid, 36 * 60 // grid
    count = draw(st.integers(0, most))
    cuts = draw(
        st.lists(st.integers(first, last), min_size=2 * count, max_size=2 * count, unique=True)
    )
    cuts.sort()
    return tuple(
        (midnight + a * grid * MINUTE, midnight + b * grid * MINUTE)
        for a, b in zip(cuts[::2], cuts[1::2], strict=True)
    )


@st.composite
def working(draw: st.DrawFn, day: date) -> Spans:
    """Long enough that something fits now and then."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    start = midnight + draw(st.integers(-24, 288)) * 5 * MINUTE
    length = timedelta(minutes=draw(st.sampled_from([20, 65, 180, 480, 600])))
    odd = draw(st.sampled_from([0, 0, 0, 1, 3])) * MINUTE
    return ((start + odd, start + length),)


@st.composite
def meetings(draw: st.DrawFn) -> Meeting:
    fives = st.integers(0, 4).map(lambda n: 5 * n)
    return Meeting(
        minutes=draw(st.sampled_from([5, 15, 30, 45, 60, 90, 480])),
        before=draw(fives),
        after=draw(fives),
        step=draw(st.sampled_from([5, 10, 15, 20, 30, 45, 60])),
        urgent=draw(st.booleans()),
    )


@st.composite
def people(draw: st.DrawFn, day: date, number: int) -> Person:
    return Person(
        # Now and then two rows of one person: ordinary time, and time kept for urgent matters.
        id=draw(st.sampled_from([number, number, max(1, number - 1)])),
        works=draw(st.one_of(working(day), spans(day, most=2))),
        taken=draw(spans(day, most=3)),
        services=draw(st.sampled_from([frozenset({"general"}), frozenset({"general", "pension"}),
                                       frozenset({"pension"})])),
        languages=frozenset(draw(st.sets(st.sampled_from(LANGUAGES), min_size=1))),
        urgent_only=draw(st.integers(0, 3)) == 0,
        desk=draw(st.sampled_from([None, None, 101, 102, 999])),
    )  # fmt: skip


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    zone, day = draw(st.sampled_from(DAYS))
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    always = ((midnight - 120 * MINUTE, midnight + 36 * 60 * MINUTE),)
    number = draw(st.integers(0, 4))
    return Scene(
        day=day,
        zone=zone,
        open=draw(st.one_of(st.just(always), working(day), spans(day))),
        people=tuple(draw(people(day, n + 1)) for n in range(number)),
        desks={d: draw(spans(day, most=2)) for d in draw(st.sets(st.sampled_from([101, 102])))},
        rooms={r: draw(spans(day, most=2)) for r in draw(st.sets(st.sampled_from([201, 202])))},
        needs_desk=draw(st.booleans()),
        full=draw(st.one_of(st.just(()), spans(day, most=1))),
    )
