"""Generated registers: overnight hours, seasons, exceptions per service, Sámi names."""

from __future__ import annotations

import string
from datetime import date, time

from hypothesis import strategies as st

from palveluverkko.network.exchange.records import (
    AgencyRecord,
    AgreementRecord,
    AreaRecord,
    ChannelRecord,
    ExceptionRecord,
    HoursRecord,
    MunicipalityRecord,
    OfferRecord,
    PointRecord,
    RegisterBundle,
    ServiceRecord,
    bundle_of,
)
from palveluverkko.network.exchange.tables import TABLES

SAMI = "á č đ ŋ š ŧ ž â õ ʹ ǩ ǯ"
LETTERS = string.ascii_letters + SAMI + "äöåÄÖÅ0123456789.,;:\"'-/()\n\r\t"
MODES = ("walk_in", "appointment", "video_room")


def text(limit: int, least: int = 0) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=least, max_size=limit)


codes = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
days = st.dates(date(2015, 1, 1), date(2026, 12, 31))
clocks = st.times().map(lambda t: time(t.hour, t.minute)) | st.times().map(
    lambda t: t.replace(fold=0)
)
tokens = st.lists(st.sampled_from(["opening_hours", "visits", "č-õ"]), unique=True).map(tuple)
languages = st.lists(st.sampled_from(["fi", "sv", "en", "se", "smn", "sms"]), unique=True).map(
    tuple
)
month_days = days.map(lambda d: f"{d:%m-%d}")


@st.composite
def periods(draw: st.DrawFn) -> dict[str, date | None]:
    first, last = draw(st.none() | days), draw(st.none() | days)
    if first and last and last < first:
        first, last = last, first
    return {"valid_from": first, "valid_until": last}


@st.composite
def opening(draw: st.DrawFn) -> dict[str, object]:
    opens, closes = draw(clocks), draw(clocks)
    return {"opens": opens, "closes": closes, "overnight": closes <= opens or draw(st.booleans())}


@st.composite
def hours(draw: st.DrawFn, point: str, services: list[str]) -> HoursRecord:
    season = draw(st.booleans())
    return HoursRecord(
        point=point,
        weekday=draw(st.integers(0, 6)),
        service=draw(st.none() | st.sampled_from(services)),
        mode=draw(st.sampled_from(("", *MODES))),
        season_from=draw(month_days) if season else "",
        season_until=draw(month_days) if season else "",
        **draw(periods()),
        **draw(opening()),
    )


@st.composite
def exceptions(draw: st.DrawFn, point: str, services: list[str]) -> ExceptionRecord:
    first, last = sorted([draw(days), draw(days)])
    times = draw(st.none() | opening())
    return ExceptionRecord(
        point=point,
        first=first,
        last=last,
        closed=times is None,
        service=draw(st.none() | st.sampled_from(services)),
        mode=draw(st.sampled_from(("", *MODES))),
        reason_fi=draw(text(20)),
        reason_sv=draw(text(20)),
        reason_en=draw(text(20)),
        **(times or {"overnight": draw(st.booleans())}),
    )


@st.composite
def points(draw: st.DrawFn, id: str, municipality: str, lat: float, lon: float) -> PointRecord:
    off = st.floats(-0.02, 0.02)
    return PointRecord(
        id=id,
        kind=draw(st.sampled_from(["service_point", "joint_service_point", "pop_up_point"])),
        municipality=municipality,
        lat=lat + draw(off),
        lon=lon + draw(off),
        name_fi=draw(text(20, 1)),
        name_sv=draw(text(20)),
        name_en=draw(text(20)),
        street_address_fi=draw(text(20) | st.just("Ávvilgeaidnu 12 A 3")),
        street_address_sv=draw(text(20) | st.just("Vägen 12 A 3") | text(150)),
        postal_code=draw(st.sampled_from(["", "00100", "99870"])),
        post_office=draw(text(20)),
        timezone=draw(st.sampled_from(["", "Europe/Mariehamn"])),
        languages=draw(languages),
        phone=draw(st.sampled_from(["", "020 692 200", "+358 20 692200", "+358206922"])),
        email=draw(st.sampled_from(["", "piste@example.fi"])),
        notes_fi=draw(text(30) | st.just("ǯ" * 2600)),
        notes_sv=draw(text(30)),
        notes_en=draw(text(30)),
        accessibility=draw(text(30)),
        host=draw(text(20)),
        synthetic=draw(tokens),
        source=draw(text(20)),
        **draw(periods()),
    )


PLACES = (("091", 60.17, 24.94), ("148", 68.905, 27.028), ("635", 61.338, 24.268))


@st.composite
def registers(draw: st.DrawFn) -> RegisterBundle:
    """A whole register that breaks no rule."""
    services = draw(st.lists(codes, min_size=1, max_size=3, unique=True))
    rows: dict[str, list] = {name: [] for name in TABLES}
    rows["agencies"] = [
        AgencyRecord(
            draw(codes),
            draw(text(20, 1)),
            "FI",
            languages=draw(languages),
            closed_days=("12-24",),
            closed_categories=("unofficial",),
        )
    ]
    rows["municipalities"] = [
        MunicipalityRecord(
            code,
            draw(text(10, 1)),
            draw(text(10)),
            population=draw(st.none() | st.integers(0, 700_000)),
            lat=lat,
            lon=lon,
            merged_into=draw(st.none() | st.just("091")),
        )
        for code, lat, lon in PLACES
    ]
    rows["areas"] = [
        AreaRecord("00100", draw(text(10, 1)), "091", 60.1, 24.9, 18_000, None, {"75+": 12.5})
    ]
    rows["services"] = [
        ServiceRecord(code, draw(text(20, 1)), requires_official=draw(st.booleans()))
        for code in services
    ]
    rows["channels"] = [
        ChannelRecord("phone", "Puhelin", capacity_per_week=draw(st.none() | st.floats(0, 1e9)))
    ]
    for id in draw(st.lists(codes, min_size=1, max_size=2, unique=True)):
        rows["points"].append(draw(points(id, *draw(st.sampled_from(PLACES)))))
        rows["hours"] += draw(st.lists(hours(id, services), max_size=5))
        rows["exceptions"] += draw(st.lists(exceptions(id, services), max_size=3))
        rows["offers"] += [
            OfferRecord(id, service, mode, **draw(periods()))
            for service in services
            for mode in draw(st.sets(st.sampled_from(MODES)))
        ]
        rows["agreements"] += draw(
            st.lists(
                st.builds(
                    lambda host, days, room, period, id=id: AgreementRecord(
                        id, host, days, room, **period
                    ),
                    text(20, 1),
                    st.none() | st.integers(0, 400),
                    st.booleans(),
                    periods(),
                ),
                max_size=2,
                unique_by=lambda a: (a.host, a.valid_from),
            )
        )
    rows["hours"] = list(dict.fromkeys(rows["hours"]))
    rows["exceptions"] = list(dict.fromkeys(rows["exceptions"]))
    return bundle_of(rows, tables=frozenset(TABLES))


def small_register() -> RegisterBundle:
    """Two municipalities, one service, one joint point open on Mondays."""
    return bundle_of(
        {
            "municipalities": [
                MunicipalityRecord("635", "Pälkäne", lat=61.338, lon=24.268),
                MunicipalityRecord("148", "Inari", "Enare", lat=68.905, lon=27.028),
            ],
            "areas": [AreaRecord("36600", "Pälkäne", "635", 61.34, 24.27, 3_000)],
            "services": [ServiceRecord("pension", "Eläke")],
            "points": [PointRecord("palkane", "service_point", "Pälkäne", "635", 61.338, 24.268)],
            "offers": [OfferRecord("palkane", "pension", "walk_in")],
            "hours": [HoursRecord("palkane", 0, time(9), time(15))],
        },
        tables=frozenset(TABLES),
    )
