"""Open now or opens next: as scanning the hours minute by minute says, in any zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.calendar import ExceptionHours, Timetable, Validity, WeeklyHours, open_intervals
from palveluverkko.web.portal.opening import AHEAD_DAYS, Opening, opening_of, served_on
from palveluverkko.web.portal.register import GivenService, KnownPoint
from palveluverkko.web.portal.words import services

ZONES = ("Europe/Helsinki", "Asia/Kathmandu", "America/St_Johns", "Pacific/Chatham")
SERVICES = ("general", "pension")
MODES = ("walk_in", "appointment")
FIRST = date(2026, 10, 20)  # the clocks of Europe go back on the 25th, of America on 1 November


def point(timetable: Timetable, pairs: tuple[tuple[str, str], ...]) -> KnownPoint:
    return KnownPoint(
        id="x",
        names={"fi": "X"},
        kind="service_point",
        municipality="1",
        towns={"fi": "X"},
        addresses={},
        postal_code="",
        post_office="",
        lat=0.0,
        lon=0.0,
        languages=(),
        phone="",
        email="",
        notes={},
        accessibility="",
        host="",
        synthetic=(),
        given=tuple(GivenService(s, m, Validity()) for s, m in pairs),
        timetable=timetable,
    )


hours = st.tuples(st.integers(0, 22), st.integers(1, 8)).map(
    lambda pair: (time(pair[0]), time((pair[0] + pair[1]) % 24), pair[0] + pair[1] >= 24)
)
service = st.sampled_from([None, *SERVICES])
mode = st.sampled_from([None, *MODES])


@st.composite
def points(draw: st.DrawFn) -> KnownPoint:
    weekly = tuple(
        WeeklyHours(draw(st.integers(0, 6)), *draw(hours), draw(service), draw(mode))
        for _ in range(draw(st.integers(0, 4)))
    )
    exceptions = []
    for _ in range(draw(st.integers(0, 2))):
        day = FIRST + timedelta(days=draw(st.integers(0, 20)))
        shut = draw(st.booleans())
        times = (None, None, False) if shut else draw(hours)
        exceptions.append(ExceptionHours(day, day, shut, *times, draw(service), draw(mode)))
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(SERVICES), st.sampled_from(MODES)), unique=True)
    )
    timetable = Timetable(weekly, tuple(exceptions), draw(st.sampled_from(ZONES)))
    return point(timetable, tuple(sorted(pairs)))


def by_scanning(shown: KnownPoint, now: datetime) -> tuple[bool, datetime | None]:
    """Whether any pair is served at ``now``, else the first full minute at which one is."""
    today = now.astimezone(ZoneInfo(shown.timetable.timezone)).date()
    spans = [
        (interval.start, interval.end)
        for offset in range(-1, AHEAD_DAYS)
        for pair in (shown.given and [(g.service, g.mode) for g in shown.given]) or [(None, None)]
        for interval in open_intervals(shown.timetable, today + timedelta(days=offset), *pair)
    ]
    if any(start <= now < end for start, end in spans):
        return True, None
    return False, min((start for start, _end in spans if start > now), default=None)


@settings(max_examples=300)
@given(shown=points(), minutes=st.integers(0, 20 * 24 * 60))
def test_open_now_and_opens_next_are_what_scanning_says(shown: KnownPoint, minutes: int) -> None:
    now = datetime.combine(FIRST, time(), UTC) + timedelta(minutes=minutes)
    opening = opening_of(shown, now)
    is_open, opens = by_scanning(shown, now)
    assert (opening.until is not None) == is_open
    if opening.until is not None:
        assert opening.until > now
    else:
        assert (opening.next.start if opening.next else None) == opens


@given(shown=points(), offset=st.integers(0, 20))
def test_every_service_is_told_once_with_its_own_hours(shown: KnownPoint, offset: int) -> None:
    day = FIRST + timedelta(days=offset)
    told = [pair for served in served_on(shown, day) for pair in served.pairs]
    assert sorted(told) == sorted((g.service, g.mode) for g in shown.given)
    for served in served_on(shown, day):
        for pair in served.pairs:
            assert served.intervals == open_intervals(shown.timetable, day, *pair)


def test_hours_past_midnight_are_open_on_the_next_morning() -> None:
    night = point(Timetable((WeeklyHours(0, time(22), time(2), overnight=True),)), ())
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    at_one = monday + timedelta(hours=23)  # Tuesday, 1.00 in Finland
    assert opening_of(night, at_one).until == monday + timedelta(hours=24)


def test_a_point_without_hours_has_no_next_opening() -> None:
    assert opening_of(point(Timetable(), ()), datetime(2026, 1, 1, tzinfo=UTC)) == Opening()


class _Names:
    """A register of which only the services' names are asked."""

    services = {"general": {"fi": "Neuvonta"}, "pension": {"fi": "Eläke"}}


def test_services_are_named_only_where_they_differ() -> None:
    everything = [(s, m) for s in SERVICES for m in MODES]
    names = _Names()
    assert services(everything, everything, names) == ""
    one = [("general", m) for m in MODES]
    assert services(one, everything, names) == "Neuvonta"
    half = [("general", "walk_in")]
    assert services(half, everything, names).startswith("Neuvonta (")
    way = [(s, "walk_in") for s in SERVICES]
    assert "Neuvonta" not in services(way, everything, names)
