"""How many calls can be promised, against every set of kinds tried one by one."""

from __future__ import annotations

from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.queueing.windows import Promised, Staff, covers, room_for

SERVICES, LANGUAGES = ("general", "pension"), ("fi", "sv", "en")
some = st.frozensets
staff = st.lists(
    st.builds(
        Staff, some(st.sampled_from(SERVICES)), some(st.sampled_from(LANGUAGES)), st.integers(0, 90)
    ),
    max_size=5,
)
promised = st.lists(
    st.builds(
        Promised,
        st.sampled_from(SERVICES),
        st.sampled_from(LANGUAGES),
        st.integers(0, 5),
        st.sampled_from([10, 15, 20]),
    ),
    max_size=6,
)


def every_set_is_covered(people: list[Staff], owed: list[Promised]) -> bool:
    """Hall's condition, said as it stands."""
    kinds = sorted({row.kind for row in owed})
    sets = chain.from_iterable(combinations(kinds, n) for n in range(1, len(kinds) + 1))
    return all(
        sum(row.calls * row.minutes for row in owed if row.kind in chosen)
        <= sum(p.minutes for p in people if any(p.serves(kind) for kind in chosen))
        for chosen in sets
    )


@settings(max_examples=400)
@given(staff, promised)
def test_a_promise_is_covered_exactly_when_every_set_of_kinds_is(
    people: list[Staff], owed: list[Promised]
) -> None:
    assert covers(people, owed) == every_set_is_covered(people, owed)


@settings(max_examples=400)
@given(staff, promised, st.sampled_from(SERVICES), st.sampled_from(LANGUAGES))
def test_room_is_the_most_calls_that_still_are_covered(
    people: list[Staff], owed: list[Promised], service: str, language: str
) -> None:
    room = room_for(people, owed, service, language, 15)
    fits = every_set_is_covered

    def more(calls: int) -> list[Promised]:
        return [*owed, Promised(service, language, calls, 15)]

    if not fits(people, owed):
        assert room == 0
    else:
        assert fits(people, more(room))
        assert not fits(people, more(room + 1))


def test_a_bilingual_adviser_is_not_promised_twice() -> None:
    both = [Staff(frozenset({"general"}), frozenset({"fi", "sv"}), 60)]
    owed = [Promised("general", "fi", 3, 15)]
    assert room_for(both, owed, "general", "sv", 15) == 1
    assert room_for(both, [], "general", "sv", 15) == 4


def test_calls_in_finnish_leave_the_bilingual_adviser_to_those_who_need_one() -> None:
    people = [
        Staff(frozenset({"general"}), frozenset({"fi", "sv"}), 60),
        Staff(frozenset({"general"}), frozenset({"fi"}), 60),
    ]
    owed = [Promised("general", "fi", 4, 15)]
    assert room_for(people, owed, "general", "sv", 15) == 4


def test_nobody_at_work_promises_nothing() -> None:
    assert room_for([], [], "general", "fi", 15) == 0
