"""Staff before and after a package: days, places, roles, travel, and what may be said of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.caseflow.staffing import (
    AssignmentInvalid,
    Claim,
    DailyTravel,
    Duty,
    Effect,
    Package,
    Person,
    Receiver,
    Statement,
    Total,
    Trip,
    cheapest,
    check,
    contradictions,
    lost_blocks,
    staff_effect,
)
from palveluverkko.criteria.model import Verdict
from palveluverkko.snapshot.values import Unknown

WEEK = range(5)
ALWAYS_FREE = dict.fromkeys(WEEK, 9.0)
MINUTES = {
    ("anna", "closing"): 10,
    ("anna", "near"): 25,
    ("anna", "far"): 60,
    ("bo", "closing"): 20,
    ("bo", "near"): 30,
    ("bo", "far"): 40,
}
NO_EFFECT = Claim(Statement.NO_EFFECT_ON_STAFF)


def travel(start, end):
    minutes = MINUTES.get((start, end))
    return None if minutes is None else Trip(km=minutes * 0.8, minutes=minutes)


def roster(place, role="adviser", days=WEEK, share=1.0):
    return tuple(Duty(day, place, role, share) for day in days)


def person(code, place="closing", home="same", **duties):
    return Person(code, code if home == "same" else home, roster(place, **duties))


ANNA, BO = person("anna"), person("bo")


def receiver(place, roles=("adviser",), desks=9.0):
    return Receiver(place, roles, dict.fromkeys(WEEK, desks))


def closing(*receivers):
    return Package({"closing": frozenset()}, receivers)


def effect(people, package, assignment=None, **options):
    if assignment is None:
        assignment = cheapest(people, package, travel)
    return staff_effect(people, package, assignment, travel, **options)


def test_a_closing_moves_its_staff_and_says_so():
    found = effect([ANNA], closing(receiver("near"), receiver("far")))
    (one,) = found.people
    (move,) = one.moves
    assert (move.from_place, move.to_place, move.days) == ("closing", "near", 5)
    assert one.travel_before == DailyTravel(16.0, 20.0, 20.0)
    assert one.travel_after == DailyTravel(40.0, 50.0, 50.0)
    assert one.effects == {Effect.OTHER_PLACE, Effect.MORE_TRAVEL}
    assert found.by_place == {"closing": Total(5, 0), "near": Total(0, 5)}
    assert found.by_role == {"adviser": Total(5, 5)}
    assert found.total == Total(5, 5)


def test_one_desk_goes_to_whom_it_saves_the_most_travel():
    """Anna saves 35 minutes a way by the near desk, Bo ten."""
    found = effect([BO, ANNA], closing(receiver("near", desks=1), receiver("far")))
    to = {one.code: one.moves[0].to_place for one in found.people}
    assert to == {"anna": "near", "bo": "far"}


def test_without_a_desk_somebody_is_cut():
    found = effect([ANNA, BO], closing(receiver("near", desks=1)))
    assert found.total == Total(10, 5)
    checked = contradictions(Claim(Statement.NOBODY_IS_CUT), found)
    assert checked.verdict is Verdict.FALSE
    ((one),) = checked.contradictions
    assert (one.code, one.values) == ("fewer_days", {"before": 5.0, "after": 0.0})


def test_fewer_opening_days_move_those_days_alone():
    package = Package({"closing": frozenset({0, 1})}, (receiver("near"),))
    (one,) = effect([ANNA], package).people
    assert one.moves[0].weekdays == (2, 3, 4)
    assert one.travel_after == DailyTravel(
        pytest.approx((2 * 16 + 3 * 40) / 5), pytest.approx((2 * 20 + 3 * 50) / 5), 50.0
    )


def test_two_halves_of_a_day_fit_one_desk_and_three_do_not():
    people = [person(code, days=[0], share=0.5) for code in ("anna", "bo")]
    third = Person("cai", "anna", roster("closing", days=[0], share=0.5))
    package = closing(receiver("near", desks=1))
    assert effect(people, package).total == Total(1, 1)
    assert effect([*people, third], package).total == Total(1.5, 1)


def test_another_role_is_an_effect():
    found = effect([person("anna", role="decides")], closing(receiver("near")))
    (one,) = found.people
    assert Effect.OTHER_ROLE in one.effects
    assert found.by_role == {"adviser": Total(0, 5), "decides": Total(5, 0)}
    claim = Claim(Statement.NOBODY_CHANGES_ROLE)
    (against,) = contradictions(claim, found).contradictions
    assert against.values == {"before": ["decides"], "after": ["adviser"]}


def test_keeping_the_role_can_be_worth_a_longer_way():
    people = [person("anna", role="decides")]
    package = closing(receiver("near"), receiver("far", roles=("decides",)))
    near, far = (cheapest(people, package, travel, role_minutes=m) for m in (60, 80))
    assert list(near.values()) == ["near"]
    assert list(far.values()) == ["far"]


def test_a_receiver_that_the_package_shuts_takes_nobody():
    package = Package({"closing": frozenset(), "near": frozenset({0})}, (receiver("near"),))
    assert cheapest([ANNA], package, travel) == {}
    (block,) = lost_blocks([ANNA], package)
    with pytest.raises(AssignmentInvalid, match="no_desk"):
        check({block: "near"}, [ANNA], package)


def test_an_assignment_is_checked():
    package = closing(receiver("near", desks=1))
    anna, bo = lost_blocks([ANNA, BO], package)
    for assignment, code in [
        ({anna: "near", bo: "near"}, "no_desk"),
        ({anna: "far"}, "no_receiver"),
    ]:
        with pytest.raises(AssignmentInvalid) as wrong:
            effect([ANNA, BO], package, assignment)
        assert wrong.value.code == code
    with pytest.raises(AssignmentInvalid, match="not_lost"):
        effect([BO], package, {anna: "near"})


def test_travel_over_the_limit_is_marked_only_where_it_grew():
    found = effect([ANNA, person("bo", place="far")], closing(receiver("near")), travel_limit=45)
    marked = {one.code for one in found.people if Effect.TRAVEL_OVER_LIMIT in one.effects}
    assert marked == {"anna"}


def test_nothing_lost_is_no_effect():
    found = effect([ANNA, BO], Package({"other": frozenset()}))
    for statement in Statement:
        minutes = 40 if statement is Statement.NOBODY_TRAVELS_MORE_THAN else None
        checked = contradictions(Claim(statement, minutes), found)
        assert checked.verdict is Verdict.TRUE
        assert not checked.contradictions


def test_a_travel_limit_in_a_document_is_taken_at_its_word():
    found = effect([ANNA, BO], closing(receiver("near")))
    exact, less = (Claim(Statement.NOBODY_TRAVELS_MORE_THAN, m) for m in (60, 59))
    assert contradictions(exact, found).verdict is Verdict.TRUE
    checked = contradictions(less, found)
    assert [c.person for c in checked.contradictions] == ["bo"]
    assert checked.contradictions[0].values == {"minutes": 60.0, "limit": 59}


def test_one_long_day_among_short_ones_is_a_long_day():
    package = Package({"closing": frozenset(range(4))}, (receiver("far"),))
    claim = Claim(Statement.NOBODY_TRAVELS_MORE_THAN, 100)
    (one,) = contradictions(claim, effect([ANNA], package)).contradictions
    assert one.values == {"minutes": 120.0, "limit": 100}


def test_an_unknown_roster_leaves_every_statement_open():
    found = effect([ANNA, Person("cai", "cai", None)], Package({}))
    assert found.total == Total(5, 5)
    for statement in Statement:
        minutes = 40 if statement is Statement.NOBODY_TRAVELS_MORE_THAN else None
        checked = contradictions(Claim(statement, minutes), found)
        assert checked.verdict is Verdict.UNKNOWN
        assert checked.unknown == {"cai": Unknown("staffing.roster_not_known")}


def test_an_unknown_home_leaves_only_travel_open():
    home = person("anna", home=None)
    MINUTES["closing", "near"] = 5
    found = effect([home], closing(receiver("near")))
    del MINUTES["closing", "near"]
    (one,) = found.people
    assert one.travel_after == Unknown("staffing.home_not_known")
    assert one.moves[0].to_place == "near"
    assert contradictions(NO_EFFECT, found).verdict is Verdict.FALSE
    assert contradictions(Claim(Statement.NOBODY_IS_CUT), found).verdict is Verdict.TRUE
    assert contradictions(Claim(Statement.NOBODY_TRAVELS_MORE), found).verdict is Verdict.UNKNOWN


def test_an_unknown_home_does_not_matter_to_who_stays():
    found = effect([person("anna", home=None)], Package({}))
    assert contradictions(NO_EFFECT, found).verdict is Verdict.TRUE
    limit = Claim(Statement.NOBODY_TRAVELS_MORE_THAN, 40)
    assert contradictions(limit, found).verdict is Verdict.UNKNOWN


def test_a_way_that_is_not_known_is_not_taken():
    assert cheapest([ANNA], closing(receiver("nowhere")), travel) == {}
    (block,) = lost_blocks([ANNA], closing(receiver("nowhere")))
    (one,) = effect([ANNA], closing(receiver("nowhere")), {block: "nowhere"}).people
    assert one.travel_after == Unknown("staffing.trip_not_known", {"place": "nowhere"})


@pytest.mark.parametrize(
    ("statement", "minutes"),
    [(Statement.NOBODY_TRAVELS_MORE_THAN, None), (Statement.NOBODY_IS_CUT, 30)],
)
def test_minutes_belong_to_the_statement_about_minutes(statement, minutes):
    with pytest.raises(ValueError, match="minutes"):
        Claim(statement, minutes)


@pytest.mark.parametrize(("weekday", "days"), [(7, 1), (-1, 1), (0, 0), (0, 1.5)])
def test_a_duty_is_a_part_of_a_weekday(weekday, days):
    with pytest.raises(ValueError, match="weekday"):
        Duty(weekday, "closing", "adviser", days)


@st.composite
def packages(draw):
    """Up to four people on three weekdays at two closing places, up to three small receivers."""
    people = []
    for code in "abcd"[: draw(st.integers(1, 4))]:
        days = draw(st.sets(st.integers(0, 2), min_size=1))
        place = draw(st.sampled_from(["closing", "shorter"]))
        share = draw(st.sampled_from([0.5, 1.0]))
        role = draw(st.sampled_from(["adviser", "decides"]))
        people.append(Person(code, code, roster(place, role, sorted(days), share)))
    receivers = tuple(
        Receiver(
            name,
            draw(st.sampled_from([("adviser",), ("decides", "adviser")])),
            {day: draw(st.sampled_from([0.0, 0.5, 1.0, 2.0])) for day in range(3)},
        )
        for name in "xyz"[: draw(st.integers(1, 3))]
    )
    minutes = {
        (p.code, r.place): draw(st.sampled_from([None, 5, 20, 45, 90]))
        for p in people
        for r in receivers
    }

    def way(start, end):
        found = minutes.get((start, end), 10)
        return None if found is None else Trip(found, found)

    package = Package({"closing": frozenset(), "shorter": frozenset({0})}, receivers)
    return people, package, way


def worth(assignment, people, package, way, role_minutes):
    """(person-days placed, minus the cost), or ``None`` if it cannot be."""
    receivers = {r.place: r for r in package.receivers}
    try:
        check(assignment, people, package)
    except AssignmentInvalid:
        return None
    cost = 0.0
    for block, place in assignment.items():
        trip = way(block.person, place)
        if trip is None:
            return None
        other = role_minutes if block.role not in receivers[place].roles else 0
        cost += block.days * (2 * trip.minutes + other)
    return sum(block.days for block in assignment), -cost


@settings(max_examples=60, deadline=None)
@given(packages(), st.sampled_from([0.0, 30.0]))
def test_the_cheapest_assignment_is_the_best_of_all(made, role_minutes):
    people, package, way = made
    blocks = lost_blocks(people, package)
    places = [None, *(r.place for r in package.receivers)]
    every = (
        {b: p for b, p in zip(blocks, choice, strict=True) if p is not None}
        for choice in itertools.product(places, repeat=len(blocks))
    )
    best = max(w for a in every if (w := worth(a, people, package, way, role_minutes)) is not None)
    ours = cheapest(people, package, way, role_minutes=role_minutes)
    assert worth(ours, people, package, way, role_minutes) == pytest.approx(best)


@settings(max_examples=60, deadline=None)
@given(packages())
def test_person_days_balance(made):
    """What a place or a role loses, another gains, but for the days placed nowhere."""
    people, package, way = made
    found = staff_effect(people, package, cheapest(people, package, way), way)
    lost = sum(block.days for one in found.people for block in one.lost)
    assert found.total.before == pytest.approx(found.total.after + lost)
    for totals in (found.by_place, found.by_role):
        assert sum(t.before for t in totals.values()) == pytest.approx(found.total.before)
        assert sum(t.after for t in totals.values()) == pytest.approx(found.total.after)
    assert found.by_place.get("closing", Total(0, 0)).after == 0
    assert (lost == 0) is (
        contradictions(Claim(Statement.NOBODY_IS_CUT), found).verdict is Verdict.TRUE
    )
    untouched = not lost_blocks(people, package)
    assert (contradictions(NO_EFFECT, found).verdict is Verdict.TRUE) is untouched
