"""Substitutes of a point: cover, load, conservation and what unknown does."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palveluverkko.access import relying, substitute, together
from palveluverkko.access.load import verdict_of
from palveluverkko.access.model import TravelModel
from palveluverkko.snapshot.model import Mode, Offer, PointKind, RemoteChannel
from palveluverkko.snapshot.values import Estimate, Unknown
from tests.access import oracle
from tests.access.build import ALL, areas, demand, joint, networks, point, rules, snapshot

PHONE = RemoteChannel("phone", 10_000.0, 5_000.0, False)
ONLINE = RemoteChannel("online", None, None, False)
NO_REMOTE = {"neighbour": ALL, "video_room": ALL}


def town(*others, residents=1000, **more):
    """A point open on Mondays with 40 visits, one area on top of it, and others about it."""
    leaving = point("leaving", 61, 25, weekdays=(0,))
    return snapshot([leaving, *others], areas([(61, 25, residents)]), **more)


def ask(network, loads=None, **more):
    loads = loads or [demand(40, 100) for _ in network.points]
    return substitute(network, loads, rules(**more), [0])[0]


@st.composite
def cases(draw):
    network = draw(networks())
    loads = [
        demand(draw(st.sampled_from([None, 0, 3, 40, 200])), draw(st.sampled_from([None, 50, 400])))
        for _ in network.points
    ]
    limit = draw(st.sampled_from([10.0, 30.0, 60.0, 120.0]))
    shift = {
        c: draw(st.sampled_from([0.0, 0.2, 0.7])) for c in ("neighbour", "video_room", "phone")
    }
    meets = {
        "neighbour": ALL,
        "video_room": frozenset({"identification", "general"}),
        "phone": frozenset(draw(st.sets(st.sampled_from(["family", "general"])))),
        "online": frozenset({"general"}),
    }
    channels = (PHONE, ONLINE)
    how = rules(
        minutes=limit,
        shift={**shift, "online": 0.3},
        meets=meets,
        same_weekdays=draw(st.booleans()),
        online_source=draw(st.sampled_from([None, "survey"])),
    )
    return replace(network, channels=channels), loads, how


def check_against_matrices(result, expected, loads, c):
    if expected is None:
        assert result.needs_met is None
        assert result.unknown is not None
        return
    assert result.residents == pytest.approx(expected["residents"])
    assert {n.service: n.covered_share for n in result.needs} == pytest.approx(expected["covered"])
    before, after = expected["five_day"]
    assert result.five_day_before == pytest.approx(before)
    assert result.five_day_after == pytest.approx(after)
    people = expected["people"]
    times = np.array(expected["after"])[people > 0]
    assert result.journey.longest_after == pytest.approx(times.max())
    if isinstance(loads[c].effective, Estimate):
        received = {r.id: r.extra_visits for r in result.receivers if r.extra_visits > 0}
        assert received == pytest.approx(expected["received"])
        assert result.unmet_visits == pytest.approx(expected["unmet"], abs=1e-9)


@settings(max_examples=120)
@given(cases())
def test_substitution_agrees_with_the_full_matrix(case):
    network, loads, how = case
    own = [i for i, p in enumerate(network.points) if p.kind in oracle.OWN]
    for c, result in zip(own, substitute(network, loads, how, own), strict=True):
        check_against_matrices(result, oracle.substitution(network, loads, how, c), loads, c)


@given(cases(), st.data())
def test_together_agrees_with_the_full_matrix(case, data):
    network, loads, how = case
    own = [i for i, p in enumerate(network.points) if p.kind in oracle.OWN]
    gone = [i for i in own if data.draw(st.booleans())]
    results = together(network, loads, how, gone)
    for c, result in zip(gone, results, strict=True):
        expected = oracle.substitution(network, loads, how, c, gone)
        check_against_matrices(result, expected, loads, c)
        assert not {r.id for r in result.receivers} & {network.points[i].id for i in gone}
    sent = {}
    for result in results:
        for r in result.receivers:
            sent[r.id] = sent.get(r.id, 0.0) + (r.extra_visits or 0.0)
    for result in results:
        for r in result.receivers:
            if r.others_extra is not None:
                assert (r.extra_visits or 0) + r.others_extra == pytest.approx(sent[r.id])


@given(cases())
def test_no_visit_is_lost_on_the_way(case):
    network, loads, how = case
    own = [i for i, p in enumerate(network.points) if p.kind in oracle.OWN]
    for c, result in zip(own, substitute(network, loads, how, own), strict=True):
        if result.unmet_visits is not None:
            extra = sum(r.extra_visits for r in result.receivers)
            assert extra + result.unmet_visits == pytest.approx(loads[c].effective.value, abs=1e-9)
            weekly = sum(n.visits_per_week for n in result.needs)
            assert weekly == pytest.approx(loads[c].effective.value, abs=1e-9)


@given(cases(), st.floats(61, 62), st.floats(24, 26))
def test_one_more_video_room_never_lowers_the_covered_share(case, lat, lon):
    network, loads, how = case
    if network.travel is not None and network.travel.complete:
        return  # nobody can reach a point that the table does not know
    richer = replace(
        network,
        points=(*network.points, joint("zz", lat, lon)),
        demand=replace(
            network.demand,
            service_visits=np.vstack([network.demand.service_visits, np.ones((1, 3), np.int64)]),
        ),
    )
    own = [i for i, p in enumerate(network.points) if p.kind in oracle.OWN]
    before = substitute(network, loads, how, own)
    after = substitute(richer, [*loads, demand(0, 10)], how, own)
    for one, other in zip(before, after, strict=True):
        for poor, rich in zip(one.needs, other.needs, strict=True):
            assert rich.covered_share >= poor.covered_share - 1e-12


@given(cases())
def test_minutes_only_ever_add_cover(case):
    network, loads, how = case
    own = [i for i, p in enumerate(network.points) if p.kind in oracle.OWN]
    near = substitute(network, loads, how, own)
    far = substitute(network, loads, replace(how, minutes=how.minutes + 20), own)
    for one, other in zip(near, far, strict=True):
        assert (one.five_day_after or 0) <= (other.five_day_after or 0) + 1e-12
        for less, more in zip(one.needs, other.needs, strict=True):
            assert less.covered_share <= more.covered_share + 1e-12


@given(
    st.none() | st.floats(0, 500),
    st.floats(0, 500),
    st.floats(0, 500),
    st.none() | st.floats(0, 500),
)
def test_a_heavier_load_never_turns_over_capacity_into_fits(before, more, extra, capacity):
    light = verdict_of(before, extra, capacity, 1.0)
    for heavy in (
        verdict_of((before or 0.0) + more, extra, capacity, 1.0),
        verdict_of(before, extra + more, capacity, 1.0),
    ):
        assert not (light == "over_capacity" and heavy != "over_capacity")


def test_exactly_full_still_fits_and_one_more_does_not():
    neighbour = point("near", 61, 25.1)
    network = town(neighbour)
    exactly = ask(network, [demand(40), demand(60, 100)], meets=NO_REMOTE)
    assert (exactly.needs_met, exactly.receivers[0].verdict) == (True, "fits")
    over = ask(network, [demand(40), demand(61, 100)], meets=NO_REMOTE)
    assert (over.needs_met, over.receivers[0].verdict) == (False, "over_capacity")


def test_unknown_capacity_of_a_receiver_never_proves_that_needs_are_met():
    result = ask(town(point("near", 61, 25.1)), [demand(40), demand(10, None)], meets=NO_REMOTE)
    assert result.needs_met is None
    assert result.unknown == Unknown("access.capacity_unknown", {"receivers": ("near",)})


def test_unknown_demand_leaves_the_load_unknown_but_tells_who_is_covered():
    near = point("near", 61, 25.1)
    result = ask(town(near), [demand(None), demand(10, 100)])
    assert result.needs_met is None
    assert result.unknown == Unknown("demand.too_few_weeks")
    assert all(n.covered_share == 1.0 and n.visits_per_week is None for n in result.needs)
    assert {r.verdict for r in result.receivers} == {"unknown"}
    assert result.unmet_visits is None


def test_geography_alone_can_disprove_even_when_demand_is_unknown():
    result = ask(town(point("far", 64, 25)), [demand(None), demand(10, 100)])
    assert result.needs_met is False
    assert [n.service for n in result.needs if n.met is False] == ["identification"]


def test_an_unknown_mix_is_split_evenly_and_never_passes():
    network = town(point("near", 61, 25.1), mix=[[0, 0, 0], [1, 1, 1]])
    result = ask(network)
    assert result.needs_met is None
    assert result.unknown == Unknown("access.mix_unknown")
    assert [n.visits_per_week for n in result.needs] == pytest.approx([40 / 3] * 3)
    assert all(n.met is None and n.covered_share == 1.0 for n in result.needs)


def test_a_neighbour_must_serve_on_the_same_weekdays_and_give_the_service():
    tuesday = point("near", 61, 25.1, weekdays=(1, 2, 3, 4))
    other_service = point("near", 61, 25.1, services=("family",))
    assert ask(town(tuesday), meets=NO_REMOTE).needs_met is False
    assert ask(town(tuesday), meets=NO_REMOTE, same_weekdays=False).needs_met is True
    result = ask(town(other_service), meets=NO_REMOTE)
    assert [n.service for n in result.needs if n.met] == ["family"]
    by_tuesday = Offer("family", Mode.WALK_IN, (1,))
    wrong_day = replace(other_service, offers=(by_tuesday,))
    assert not any(n.met for n in ask(town(wrong_day), meets=NO_REMOTE).needs)


def test_a_pop_up_is_nobodys_lasting_neighbour():
    pop_up = point("near", 61, 25.1, kind=PointKind.POP_UP_POINT)
    assert ask(town(pop_up), meets=NO_REMOTE).needs_met is False


def test_a_joint_points_host_completes_nothing_without_a_room_and_an_agreement():
    room = joint("room", 61, 25)
    assert ask(town(room), meets=NO_REMOTE).needs_met is True
    for useless in (
        joint("room", 61, 25, room=False),
        joint("room", 61, 25, until=date(2018, 5, 31)),
        joint("room", 63, 25),
        replace(room, offers=(Offer("identification", Mode.WALK_IN, (0, 1, 2, 3, 4)),)),
    ):
        assert ask(town(useless), meets=NO_REMOTE).needs_met is False
    limited = ask(town(room), meets={"video_room": frozenset({"family"})})
    assert [n.service for n in limited.needs if n.met] == ["family"]


def test_the_web_gets_nobody_without_a_source():
    network = town(point("near", 61, 25.1), channels=(PHONE, replace(ONLINE, code="online")))
    meets = {**NO_REMOTE, "phone": ALL, "online": ALL}
    shift = {"neighbour": 0.5, "phone": 0.3, "online": 0.2}
    without = ask(network, meets=meets, shift=shift)
    assert {r.channel: r.extra_visits for r in without.receivers} == pytest.approx(
        {"neighbour": 25, "phone": 15}
    )
    assert all(n.by_channel["online"] == 0 for n in without.needs)
    sourced = ask(network, meets=meets, shift=shift, online_source="a study")
    assert {r.channel: r.extra_visits for r in sourced.receivers} == pytest.approx(
        {"neighbour": 20, "phone": 12, "online": 8}
    )


def test_the_web_alone_meets_nothing_without_a_source():
    network = town(channels=(ONLINE,))
    assert ask(network, meets={"online": ALL}, shift={"online": 1.0}).needs_met is False


def test_a_channel_that_the_register_lacks_is_unknown():
    result = ask(town(channels=()), meets={"phone": ALL})
    assert result.needs_met is None
    assert result.unknown.code == "access.channel_unknown"


def test_areas_go_to_their_own_nearest_neighbour_not_all_to_one():
    leaving = point("leaving", 61, 25, weekdays=(0,))
    west, east = point("west", 61, 24.6), point("east", 61, 25.4)
    places = areas([(61, 24.9, 300), (61, 25.1, 100)])
    result = ask(snapshot([leaving, west, east], places), meets=NO_REMOTE)
    assert {r.id: r.extra_visits for r in result.receivers} == pytest.approx(
        {"west": 30, "east": 10}
    )


def test_visits_of_uncovered_residents_count_as_unmet():
    leaving, near = point("leaving", 61, 25, weekdays=(0,)), point("near", 61, 25.3)
    places = areas([(61, 25.1, 750), (61, 24.0, 250)])
    result = ask(snapshot([leaving, near], places), meets=NO_REMOTE)
    assert result.needs_met is False
    assert result.unmet_visits == pytest.approx(10)
    assert result.needs[0].covered_share == pytest.approx(0.75)
    assert ask(snapshot([leaving, near], places), meets=NO_REMOTE, minimum_share=0.75).needs_met


def test_a_second_point_at_the_same_place_takes_over_without_any_travel():
    network = town(point("twin", 61, 25))
    result = ask(network, meets=NO_REMOTE)
    assert result.residents == 500
    assert [r.id for r in result.receivers] == ["twin"]
    assert result.journey.median_before == result.journey.median_after == 5.0


def test_journeys_before_and_after_by_hand():
    leaving, next_town = point("leaving", 61, 25), point("next", 61.5, 25)
    places = areas([(61, 25, 900), (60.9, 25, 100)])
    result = ask(snapshot([leaving, next_town], places))
    travel = TravelModel()
    near, far = (float(travel.minutes(km)) for km in (0.5 * 111.195, 0.6 * 111.195))
    j = result.journey
    assert (j.median_before, j.p90_before) == (5.0, 5.0)
    assert (j.median_after, j.longest_after) == pytest.approx((near, far), abs=0.01)
    assert sum(b for _, b, _ in j.histogram) == sum(a for _, _, a in j.histogram) == 1000
    assert j.histogram[0] == (10.0, 900.0, 0.0)


def test_without_another_point_the_journey_has_no_end():
    result = ask(town())
    assert result.journey.median_after == np.inf
    assert result.journey.histogram[-1] == (np.inf, 0.0, 1000.0)
    assert (result.five_day_before, result.five_day_after) == (0.0, 0.0)


def test_a_point_nobody_lives_nearest_to_is_unknown():
    empty = snapshot([point("a", 61, 25), point("b", 62, 25)], areas([(62, 25, 10)]))
    assert ask(empty).unknown == Unknown("access.catchment_empty")
    joint_point = snapshot([joint("a", 61, 25)], areas([(61, 25, 10)]))
    assert ask(joint_point).unknown == Unknown("access.not_own_point")
    idle = snapshot([point("a", 61, 25, services=())], areas([(61, 25, 10)]))
    assert ask(idle).unknown == Unknown("access.offers_unknown")


def test_two_points_that_lean_on_each_other_cannot_both_end():
    one, other = point("one", 61, 25), point("other", 61, 25.1)
    network = snapshot([one, other], areas([(61, 25, 100), (61, 25.1, 100)]))
    loads = [demand(40, 100), demand(40, 100)]
    alone = substitute(network, loads, rules(meets=NO_REMOTE), [0, 1])
    assert [s.needs_met for s in alone] == [True, True]
    assert relying(alone) == {"one": ("other",), "other": ("one",)}
    both = together(network, loads, rules(meets=NO_REMOTE), [0, 1])
    assert [s.needs_met for s in both] == [False, False]
    assert relying(both) == {}


def test_a_receiver_that_takes_one_may_not_take_two():
    one, other = point("one", 61, 24.9), point("other", 61, 25.1)
    middle = point("middle", 61, 25)
    network = snapshot([one, other, middle], areas([(61, 24.9, 100), (61, 25.1, 100)]))
    loads = [demand(40, 100), demand(40, 100), demand(30, 100)]
    alone = substitute(network, loads, rules(meets=NO_REMOTE), [0, 1])
    assert [s.needs_met for s in alone] == [True, True]
    both = together(network, loads, rules(meets=NO_REMOTE), [0, 1])
    assert [s.receivers[0].others_extra for s in both] == [40.0, 40.0]
    assert [s.needs_met for s in both] == [False, False]


def test_nothing_asked_nothing_answered():
    assert substitute(town(), [demand(40)], rules(), []) == ()
    assert together(town(), [demand(40)], rules(), []) == ()
