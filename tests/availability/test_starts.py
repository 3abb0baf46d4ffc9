"""Free times from bits are those that are found by looking at every minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.availability import ANY, room_starts, rooms_at, seats, starts, starts_by_language
from palveluverkko.availability.masks import WINDOW_CELLS
from tests.availability.oracle import Clockwork, Meeting, Person, Scene, outlet
from tests.availability.strategies import LANGUAGES, meetings, scenes

languages = st.sampled_from([ANY, *LANGUAGES])


@settings(max_examples=150)
@given(scenes(), meetings(), languages, st.integers(1, 3))
def test_a_start_is_free_exactly_where_enough_people_are_free_throughout(
    scene: Scene, meeting: Meeting, language: str, advisers: int
) -> None:
    looked, seen = Clockwork(scene), outlet(scene)
    found = list(seen.window.moments(starts(seen, "general", meeting.takes, language, advisers)))
    assert found == [
        m for m in looked.moments() if len(looked.servers(m, meeting, language)) >= advisers
    ]


@settings(max_examples=100)
@given(scenes(), meetings(), languages)
def test_somebody_can_be_seated_exactly_where_a_start_is_shown(
    scene: Scene, meeting: Meeting, language: str
) -> None:
    looked, seen = Clockwork(scene), outlet(scene)
    shown = starts(seen, "general", meeting.takes, language)
    for cell in range(WINDOW_CELLS):
        found = seats(seen, "general", meeting.takes, language, cell)
        assert bool(found) == bool(shown >> cell & 1)
        if found:
            (moment,) = seen.window.moments(1 << cell)
            pairs = {(seat.worker, seat.desk) for seat in found}
            assert pairs == looked.pairs(moment, meeting, language)


@settings(max_examples=100)
@given(scenes(), meetings())
def test_a_room_is_free_exactly_where_nothing_of_the_meeting_meets_a_booking(
    scene: Scene, meeting: Meeting
) -> None:
    looked, seen = Clockwork(scene), outlet(scene)
    wanted = [
        m
        for m in looked.moments()
        if looked.may_begin(m, meeting) and looked.free_rooms(m, meeting)
    ]
    assert list(seen.window.moments(room_starts(seen, "general", meeting.takes))) == wanted
    for moment in wanted:
        cell = seen.window.cell(moment)
        assert cell is not None
        assert rooms_at(seen, meeting.takes, cell) == looked.free_rooms(moment, meeting)


@settings(max_examples=50)
@given(scenes(), meetings())
def test_each_language_has_its_own_starts_and_those_without_any_are_left_out(
    scene: Scene, meeting: Meeting
) -> None:
    seen = outlet(scene)
    one_by_one = {
        language: starts(seen, "general", meeting.takes, language) for language in (ANY, *LANGUAGES)
    }
    assert starts_by_language(seen, "general", meeting.takes, LANGUAGES) == {
        language: mask for language, mask in one_by_one.items() if mask
    }


@settings(max_examples=50)
@given(scenes(), meetings(), languages)
def test_a_service_that_is_not_given_there_has_no_start(
    scene: Scene, meeting: Meeting, language: str
) -> None:
    assert starts(outlet(scene), "pension", meeting.takes, language) == 0


@settings(max_examples=50)
@given(scenes(), meetings(), languages)
def test_urgent_matters_find_every_time_that_others_find(
    scene: Scene, meeting: Meeting, language: str
) -> None:
    seen = outlet(scene)
    ordinary = starts(seen, "general", replace(meeting, urgent=False).takes, language)
    urgent = starts(seen, "general", replace(meeting, urgent=True).takes, language)
    assert ordinary & ~urgent == 0


@settings(max_examples=50)
@given(scenes(), meetings(), languages, st.integers(1, 2))
def test_more_advisers_at_once_never_have_more_starts(
    scene: Scene, meeting: Meeting, language: str, advisers: int
) -> None:
    seen = outlet(scene)
    few = starts(seen, "general", meeting.takes, language, advisers)
    more = starts(seen, "general", meeting.takes, language, advisers + 1)
    assert more & ~few == 0


def test_two_half_free_people_do_not_make_a_whole_one() -> None:
    def at(hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 3, 2, hour, minute, tzinfo=UTC)

    scene = Scene(
        day=date(2026, 3, 2),
        zone="Etc/UTC",
        open=((at(9), at(12)),),
        people=(Person(1, ((at(9), at(9, 30)),)), Person(2, ((at(9, 30), at(10)),))),
    )
    assert starts(outlet(scene), "general", Meeting(60).takes) == 0
    assert starts(outlet(scene), "general", Meeting(30).takes) != 0


def test_those_who_can_do_less_are_asked_first() -> None:
    day = date(2026, 3, 2)
    works = ((datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)),)
    scene = Scene(
        day=day,
        zone="Etc/UTC",
        open=works,
        people=(
            Person(1, works, services=frozenset({"general", "pension"})),
            Person(2, works, languages=frozenset({"fi", "sv"})),
            Person(3, works),
        ),
    )
    seen = outlet(scene)
    cell = seen.window.cell(works[0][0])
    assert cell is not None
    assert [s.worker for s in seats(seen, "general", Meeting(30).takes, "fi", cell)] == [3, 2, 1]
