"""A network of three points that is small enough to know by heart, with two years of counts.

``quiet`` is open on Mondays with 40 visits a week and 100 times; ``town``, 20 km away, is open on
five days with 300 visits and 500 times; ``town-joint`` has a video room and no counts.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from palveluverkko.demand.models import DailyVisits, DayReport
from palveluverkko.demand.services import rebuild_weeks
from palveluverkko.network.models import RemoteChannel
from tests.factories import (
    AgencyFactory,
    AreaFactory,
    JointAgreementFactory,
    MunicipalityFactory,
    OpeningHoursFactory,
    ServiceFactory,
    ServiceOfferFactory,
    ServicePointFactory,
)

AS_OF = date(2018, 6, 1)
FIRST, LAST = date(2016, 6, 6), date(2018, 5, 31)
SERVICES = ("general", "pension")


def build_small_network() -> None:
    AgencyFactory()
    countryside = MunicipalityFactory(code="213", name_fi="Kangasniemi", lat=61.99, lon=26.64)
    town = MunicipalityFactory(code="491", name_fi="Mikkeli", lat=61.69, lon=27.27)
    for code in SERVICES:
        ServiceFactory(code=code, name_fi=code.title(), name_en=code.title())
    _point("quiet", countryside, 61.99, 26.64, (0,))
    _point("town", town, 61.90, 26.90, range(5))
    joint = ServicePointFactory(
        id="town-joint", kind="joint_service_point", municipality=town, lat=61.9, lon=26.9
    )
    JointAgreementFactory(point=joint)
    AreaFactory(code="51200", municipality=countryside, residents=2000)
    AreaFactory(code="50100", name="Mikkeli", municipality=town, lat=61.9, lon=26.9, residents=9000)
    RemoteChannel.objects.create(
        code="phone", name_fi="Puhelin", capacity_per_week=5000, load_per_week=1000
    )
    _counts("quiet", 20, 100, (0,))
    _counts("town", 30, 100, range(5))
    rebuild_weeks()


def _point(code: str, municipality: object, lat: float, lon: float, weekdays: object) -> None:
    point = ServicePointFactory(id=code, municipality=municipality, lat=lat, lon=lon)
    point.lat, point.lon = lat, lon
    point.save()
    for weekday in weekdays:
        OpeningHoursFactory(point=point, weekday=weekday, opens=time(9), closes=time(15))
    for service in SERVICES:
        ServiceOfferFactory(point=point, service=ServiceFactory(code=service))


def _counts(point: str, visits: int, slots: int, weekdays: object) -> None:
    days = [FIRST + timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
    kept = [day for day in days if day.weekday() in set(weekdays)]
    DayReport.objects.bulk_create(
        DayReport(point_id=point, date=day, open_minutes=360, slots=slots) for day in kept
    )
    DailyVisits.objects.bulk_create(
        DailyVisits(point_id=point, date=day, service_id=s, mode="walk_in", visits=visits)
        for day in kept
        for s in SERVICES
    )
