"""The 2018 case on the example network: outcomes follow from figures and geography."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from palveluverkko.decisions import queries, runs
from palveluverkko.decisions.policies import all_policies, get_policy
from palveluverkko.example.facts import read_facts
from palveluverkko.network.models import ServicePoint
from palveluverkko.network.queries import points_in_force
from palveluverkko.network.services import end_point

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

AS_OF = date(2018, 6, 1)
KNOWN = tuple(point.name for point in read_facts().known)


@pytest.fixture(scope="module")
def assessed(loaded: object, django_db_blocker: DjangoDbBlocker) -> dict[str, Any]:
    with django_db_blocker.unblock():
        queries.clear_cache()
        return runs.compute(get_policy("kela-2017-12"), AS_OF)[1]


def own(assessed: dict[str, Any]) -> list[dict[str, Any]]:
    return [p for p in assessed["points"] if p["kind"] == "service_point"]


def thirteen(assessed: dict[str, Any]) -> list[dict[str, Any]]:
    return [p for p in own(assessed) if p["name"] in KNOWN]


def test_the_network_has_its_public_numbers(assessed: dict[str, Any]) -> None:
    kinds = Counter(p["kind"] for p in assessed["points"])
    assert kinds == {"service_point": 180, "joint_service_point": 138}
    days = [p["opening_days"] for p in own(assessed)]
    assert days.count(5) == 56
    assert sum(1 <= d <= 4 for d in days) == 124
    assert len(thirteen(assessed)) == 13
    assert all(1 <= p["opening_days"] <= 4 for p in thirteen(assessed))


def test_every_known_point_is_low_by_its_demand_alone(assessed: dict[str, Any]) -> None:
    for point in thirteen(assessed):
        low = next(r for r in point["reasons"] if r["criterion"] == "low_demand")
        assert low["verdict"] == "true", point["name"]
        assert low["figure"] < 100


def test_substitutes_decide_which_of_them_may_be_replaced(assessed: dict[str, Any]) -> None:
    for point in thirteen(assessed):
        every_need = all(need["met"] for need in point["needs"])
        room = all(r["verdict"] == "fits" for r in point["substitutes"])
        expected = "may_be_replaced" if every_need and room else "not_permitted"
        assert point["outcome"] == expected, point["name"]
        assert bool(point["failing"]) == (expected == "not_permitted")


def test_points_outside_the_thirteen_that_meet_the_criteria_are_shown(
    assessed: dict[str, Any],
) -> None:
    others = [p for p in own(assessed) if p["name"] not in KNOWN]
    assert sum(p["outcome"] == "may_be_replaced" for p in others) > 0


def test_every_outcome_of_the_board_occurs_and_joint_points_are_left_alone(
    assessed: dict[str, Any],
) -> None:
    outcomes = {p["outcome"] for p in own(assessed)}
    assert outcomes >= {
        "keep",
        "may_be_replaced",
        "not_permitted",
        "capacity_limited",
        "unknown",
        "add_day",
    }
    joint = [p for p in assessed["points"] if p["kind"] == "joint_service_point"]
    assert {p["outcome"] for p in joint} == {"keep"}


def test_after_the_thirteen_end_there_are_167(loaded: object) -> None:
    last = date(2018, 8, 31)
    with transaction.atomic():
        for point in ServicePoint.objects.filter(kind="service_point", name_fi__in=KNOWN):
            end_point(point.pk, last)
        before = points_in_force(last).filter(kind="service_point").count()
        after = points_in_force(last + timedelta(days=1)).filter(kind="service_point").count()
        transaction.set_rollback(True)
    assert (before, after) == (180, 167)


@pytest.mark.parametrize("policy", [p.policy.id for p in all_policies()])
def test_every_shipped_policy_judges_the_network(policy: str, loaded: object) -> None:
    content = runs.compute(get_policy(policy), AS_OF)[1]
    assert sum(content["summary"].values()) == 318
    assert content["checks"] or policy == "kela-2017-12"
