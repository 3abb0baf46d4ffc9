"""A snapshot holds what the register knows, and says what it does not know."""

import math

import pytest

from palveluverkko.access import coverage
from palveluverkko.access.model import TravelModel
from palveluverkko.decisions.snapshots import build_snapshot
from palveluverkko.network.models import Area
from palveluverkko.snapshot.model import PointKind
from palveluverkko.snapshot.values import Unknown
from tests.networks import AS_OF, build_small_network

pytestmark = pytest.mark.django_db


def test_an_area_whose_stratum_nobody_counted_makes_the_share_unknown_not_smaller() -> None:
    build_small_network()
    Area.objects.filter(code="50100").update(strata={"over_75": 900})
    snapshot = build_snapshot(AS_OF)
    counted = dict(zip(snapshot.areas.ids, snapshot.areas.strata["over_75"], strict=True))
    assert counted["50100"] == 900
    assert math.isnan(counted["51200"])
    found = coverage(
        snapshot,
        minutes=60.0,
        km=None,
        stratum="over_75",
        kinds=frozenset(PointKind),
        travel=TravelModel(),
    )
    assert found.share == Unknown("access.stratum_unknown", {"stratum": "over_75", "areas": 1})
