"""The example network in the database: whole, marked as synthetic, and the same when reloaded."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from palveluverkko.demand.models import DailyVisits, DayReport, PointWeek
from palveluverkko.example.build import build_network, demand_history
from palveluverkko.example.load import load_example
from palveluverkko.network import revision
from palveluverkko.network.models import (
    Agency,
    Area,
    JointAgreement,
    Municipality,
    OpeningHours,
    RemoteChannel,
    Service,
    ServiceOffer,
    ServicePoint,
)

pytestmark = pytest.mark.django_db


def counts() -> dict[str, int]:
    tables = (
        Agency,
        Area,
        DailyVisits,
        DayReport,
        JointAgreement,
        Municipality,
        OpeningHours,
        PointWeek,
        RemoteChannel,
        Service,
        ServiceOffer,
        ServicePoint,
    )
    return {t.__name__: t.objects.count() for t in tables}


def test_loading_stores_the_network_and_loading_again_changes_nothing_else() -> None:
    stages: list[tuple[str, int, int]] = []
    load_example(years=1, progress=lambda *stage: stages.append(stage))
    first = counts()
    assert first["ServicePoint"] == 318
    assert first["Municipality"] == 311
    assert first["Area"] == 3_024
    assert first["Service"] == 5
    assert first["PointWeek"] > 0
    generated = sum(int(h.visits.sum()) for h in demand_history(build_network(), years=1))
    assert DailyVisits.objects.aggregate(n=Sum("visits"))["n"] == generated
    assert not DayReport.objects.filter(synthetic=False).exists()
    assert not ServicePoint.objects.filter(synthetic=[]).exists()
    assert not ServicePoint.objects.exclude(street_address_fi="").exists()
    assert {name for name, _, _ in stages} == {"register", "visits", "weeks"}
    assert all(0 <= done <= total for _, done, total in stages)

    before = revision.current()
    other = ServicePoint.objects.create(
        id="own-point", kind="service_point", municipality_id="091", name_fi="Oma", lat=60, lon=25
    )
    ServicePoint.objects.filter(id="helsinki").update(name_fi="Muutettu")
    load_example(years=1)
    assert revision.current() > before
    assert ServicePoint.objects.get(id="helsinki").name_fi == "Helsinki"
    assert ServicePoint.objects.filter(pk=other.pk).exists()
    other.delete()
    assert counts() == first


def test_a_failed_load_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "visits" and done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_example(years=1, progress=stop)
    assert not ServicePoint.objects.exists()
    assert not DailyVisits.objects.exists()
