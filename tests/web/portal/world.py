"""Points of every kind around one town, and the instant at which customers look at them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from palveluverkko.network import models
from tests import factories

NOW = datetime(2026, 12, 28, 8, 0, tzinfo=UTC)  # Monday, 10.00 in Finland
NEW_YEARS_EVE = date(2026, 12, 31)


def build() -> None:
    """Kuopio with a service point, a joint point nearby, a pop-up, a point in Sweden."""
    factories.AgencyFactory(closed_categories=["public"], closed_days=["12-24"])
    kuopio = factories.MunicipalityFactory(
        code="297", name_fi="Kuopio", lat=62.893, lon=27.678, language_status="fi"
    )
    far = factories.MunicipalityFactory(
        code="148", name_fi="Inari", name_sv="Enare", lat=68.9, lon=27.0
    )
    factories.AreaFactory(code="70820", name="Petonen", municipality=kuopio, lat=62.833, lon=27.667)
    factories.AreaFactory(code="70100", name="Kuopio", municipality=kuopio, lat=62.9, lon=27.7)
    factories.ServiceFactory(position=1)
    factories.ServiceFactory(
        code="urgent", name_fi="Kiireellinen tuki", name_en="Urgent assistance", position=0
    )
    _point("main", "Kuopion toimisto", kuopio, 62.892, 27.68, languages=["fi", "sv"])
    _point("joint", "Asiointipiste Siilinjärvi", kuopio, 63.07, 27.66, kind="joint_service_point")
    _point("pop", "Pop up Ŋávdna", far, 68.91, 27.03, kind="pop_up_point", host="Koulu <1>")
    _point("abroad", "Haparanda", far, 65.83, 24.13, timezone="Europe/Stockholm")
    for channel, name in (("phone", "Puhelin"), ("video", "Etäpalvelu")):
        models.RemoteChannel.objects.create(code=channel, name_fi=name, synthetic=True)
    _new_years_eve()


def _point(
    point_id: str, name: str, town: models.Municipality, lat: float, lon: float, **more: object
) -> models.ServicePoint:
    """Open on weekdays 9-16; the main point gives both services, the others general advice."""
    more = {"languages": ["fi"], **more}
    point = factories.ServicePointFactory(
        id=point_id, name_fi=name, municipality=town, lat=lat, lon=lon, **more
    )
    for weekday in range(5):
        factories.OpeningHoursFactory(point=point, weekday=weekday, opens=time(9))
    modes = {"main": ["walk_in", "appointment"], "joint": ["walk_in", "video_room"]}
    for mode in modes.get(point_id, ["walk_in"]):
        factories.ServiceOfferFactory(point=point, service_id="general", mode=mode)
    if point_id == "main":
        factories.ServiceOfferFactory(point=point, service_id="urgent")
    return point


def _new_years_eve() -> None:
    """General advice ends at 13, urgent assistance goes on as ever."""
    models.OpeningException.objects.create(
        point_id="main",
        service_id="general",
        first=NEW_YEARS_EVE,
        last=NEW_YEARS_EVE,
        closed=False,
        opens=time(9),
        closes=time(13),
        reason_fi="Uudenvuodenaatto",
        reason_en="New Year's Eve",
    )
