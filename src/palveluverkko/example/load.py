"""The example network into the database, in one transaction; loading again restores it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import polars as pl
from django.db import models, transaction

from palveluverkko.demand.models import DailyVisits, DayReport
from palveluverkko.demand.services import rebuild_weeks, update_findings
from palveluverkko.demand.store import visits_upsert, write_reports
from palveluverkko.example.agency import AGENCY
from palveluverkko.example.build import SEED, build_network, demand_history
from palveluverkko.example.facts import POPULATION_YEAR
from palveluverkko.example.history import YEARS
from palveluverkko.example.records import Network, PointHistory
from palveluverkko.example.serving import forget_serving
from palveluverkko.network import revision
from palveluverkko.network.models import (
    Agency,
    Area,
    JointAgreement,
    Municipality,
    OpeningException,
    OpeningHours,
    RemoteChannel,
    Service,
    ServiceOffer,
    ServicePoint,
)

Progress = Callable[[str, int, int], None]
URBANITIES = ("urban", "semi_urban", "rural")


def load_example(
    seed: int = SEED, years: float = YEARS, progress: Progress | None = None
) -> Network:
    """Put the example network with ``years`` of daily counts into the database.

    All or nothing. What the database holds on the example's own points is replaced; other points
    stay as they are. ``progress(stage, done, total)`` is called as work goes on; stages are
    ``register``, ``visits`` and ``weeks``.
    """
    tell = progress or (lambda stage, done, total: None)
    network = build_network(seed)
    ids = [p.id for p in network.points]
    with transaction.atomic():
        tell("register", 0, len(ids))
        _forget(ids)
        _write_country(network)
        _write_points(network)
        tell("register", len(ids), len(ids))
        _write_visits(network, years, tell)
        revision.bump()
        tell("weeks", 0, len(ids))
        rebuild_weeks(ids)
        update_findings(ids)
        tell("weeks", len(ids), len(ids))
    return network


def _forget(ids: list[str]) -> None:
    forget_serving(ids)
    # Daily rows first and each in one statement: the cascade would read them all into memory.
    DailyVisits.objects.filter(point_id__in=ids)._raw_delete("default")
    DayReport.objects.filter(point_id__in=ids)._raw_delete("default")
    ServicePoint.objects.filter(pk__in=ids).delete()


def _put(rows: Iterable[models.Model]) -> None:
    """Insert rows, or bring those that are there up to date; all of one model."""
    rows = list(rows)
    meta = rows[0]._meta
    key = meta.pk.name
    type(rows[0])._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[f.name for f in meta.concrete_fields if f.name != key],
        batch_size=500,
    )


def _write_country(network: Network) -> None:
    _put([Agency(**AGENCY)])
    towns = sorted(network.towns, key=lambda t: t.merged_into is not None)
    _put(
        Municipality(
            code=t.code,
            name_fi=t.name_fi,
            name_sv=t.name_sv,
            name_en=t.name_en,
            region_code=t.region_code,
            region_fi=t.region_fi,
            region_sv=t.region_sv,
            language_status=t.language_status,
            urbanity=t.urbanity,
            population=t.population,
            lat=t.lat,
            lon=t.lon,
            merged_into_id=t.merged_into,
        )
        for t in towns
    )
    urbanity = {t.code: t.urbanity for t in network.towns}
    _put(
        Area(
            code=a.code,
            name=a.post_office,
            municipality_id=a.municipality,
            lat=a.lat,
            lon=a.lon,
            residents=a.residents,
            residents_year=POPULATION_YEAR,
            strata={u: a.residents if urbanity[a.municipality] == u else 0 for u in URBANITIES},
        )
        for a in network.areas
    )
    _put(
        Service(
            code=s.code,
            name_fi=s.name_fi,
            name_sv=s.name_sv,
            name_en=s.name_en,
            requires_official=s.requires_official,
            position=i,
            description_fi=s.about[0],
            description_sv=s.about[1],
            description_en=s.about[2],
        )
        for i, s in enumerate(network.services)
    )
    _put(
        RemoteChannel(
            code=c.code,
            name_fi=c.name_fi,
            name_sv=c.name_sv,
            name_en=c.name_en,
            capacity_per_week=c.capacity_per_week,
            load_per_week=c.load_per_week,
            synthetic=c.synthetic,
            source=c.source,
        )
        for c in network.channels
    )


def _write_points(network: Network) -> None:
    points = network.points
    _create(
        ServicePoint(
            id=p.id,
            kind=p.kind.value,
            name_fi=p.name_fi,
            name_sv=p.name_sv,
            name_en=p.name_en,
            municipality_id=p.municipality,
            postal_code=p.postal_code,
            post_office=p.post_office,
            lat=p.lat,
            lon=p.lon,
            languages=list(p.languages),
            synthetic=list(p.synthetic),
            source=p.source,
        )
        for p in points
    )
    _create(
        ServiceOffer(
            point_id=p.id,
            service_id=o.service,
            mode=o.mode.value,
            valid_from=o.valid_from,
            valid_until=o.valid_until,
        )
        for p in points
        for o in p.offers
    )
    _create(
        OpeningHours(
            point_id=p.id,
            mode="appointment" if era.by_appointment_only else "",
            weekday=weekday,
            opens=era.opens,
            closes=era.closes,
            valid_from=era.first,
            valid_until=era.last,
        )
        for p in points
        for era in p.eras
        for weekday in era.weekdays
    )
    _create(
        OpeningException(
            point_id=p.id,
            service_id=e.service,
            first=e.first,
            last=e.last,
            closed=e.opens is None,
            opens=e.opens,
            closes=e.closes,
            reason_fi=e.reason_fi,
            reason_sv=e.reason_sv,
            reason_en=e.reason_en,
        )
        for p in points
        for e in p.exceptions
    )
    _create(
        JointAgreement(
            point_id=p.id,
            host=a.host,
            valid_from=a.valid_from,
            valid_until=a.valid_until,
            notice_days=a.notice_days,
            video_room=a.video_room,
        )
        for p in points
        for a in p.agreements
    )


def _create(rows: Iterable[models.Model]) -> None:
    rows = list(rows)
    type(rows[0])._default_manager.bulk_create(rows, batch_size=500)


def _write_visits(network: Network, years: float, tell: Progress) -> None:
    """Every history's days; counts of zero need no row, for the day's report says it was open."""
    writer = visits_upsert()
    reports = []
    total = len(network.profiles)
    for done, history in enumerate(demand_history(network, years), start=1):
        reports.append(_reports(history))
        writer.write(_visits(history))
        tell("visits", done, total)
    writer.finish()
    write_reports(pl.concat(reports), synthetic=True)


def _reports(history: PointHistory) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "point": history.point,
            "day": history.days,
            "open_minutes": history.open_minutes,
            "slots": history.slots,
            "booked": history.booked,
        }
    )


def _visits(history: PointHistory) -> pl.DataFrame:
    """Rows in the order of the table's key: neighbours are inserted faster than strays."""
    columns = sorted(range(len(history.columns)), key=lambda c: history.columns[c])
    row, column = history.visits[:, columns].nonzero()
    services = np.array([history.columns[c][0] for c in columns])
    modes = np.array([history.columns[c][1].value for c in columns])
    return pl.DataFrame(
        {
            "point": history.point,
            "day": history.days[row].astype(str),
            "service": services[column],
            "mode": modes[column],
            "visits": history.visits[:, columns][row, column],
        }
    )
