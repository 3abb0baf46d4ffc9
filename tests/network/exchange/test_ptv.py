"""PTV documents, our own and other people's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.exchange import FORMATS, import_register, ptv, store_bundle
from palveluverkko.network.exchange.ptv.hours import day_of
from palveluverkko.network.exchange.records import HoursRecord
from palveluverkko.network.models import Service, ServicePoint
from tests.network.exchange.strategies import small_register

ELSEWHERE = Path(__file__).parent / "data" / "ptv_from_elsewhere.json"


def _written(bundle: Any, folder: Path, on: date = date(2018, 6, 1)) -> dict[str, Any]:
    ptv.write(bundle, folder / "ptv.json", on=on)
    document: dict[str, Any] = json.loads((folder / "ptv.json").read_text(encoding="utf-8"))
    return document


def test_a_channel_from_elsewhere_becomes_a_point_with_its_facts() -> None:
    bundle = FORMATS["ptv"].read(ELSEWHERE)
    (point,) = bundle.points
    assert point.id == "6f0a4e5c-8b21-4c58-9d3e-2f0c4f7f1a01"
    assert point.kind == "joint_service_point"
    assert (point.name_fi, point.name_sv) == (
        "Pälkäneen yhteispalvelupiste",
        "Pälkäne samservicepunkt",
    )
    assert (point.street_address_fi, point.street_address_sv) == ("Keskustie 1", "Centrumvägen 1")
    assert (point.municipality, point.postal_code) == ("635", "36600")
    assert point.lat == pytest.approx(61.338, abs=0.02)
    assert point.lon == pytest.approx(24.268, abs=0.02)
    assert point.phone == "+358 35361234"
    assert point.accessibility == "Ovella on luiska."
    assert point.notes_fi == "Neuvontaa usean viranomaisen palveluissa."


def test_hours_from_elsewhere_keep_days_nights_reservations_and_exceptions() -> None:
    bundle = FORMATS["ptv"].read(ELSEWHERE)
    common = [h for h in bundle.hours if h.service is None]
    week = {(h.weekday, h.opens, h.closes) for h in common if h.valid_from}
    assert week == {(d, time(8), time(15, 30)) for d in range(4)} | {(4, time(8), time(14))}
    # 22:30 UTC on New Year's Day is past midnight in Helsinki.
    assert {h.valid_from for h in common if h.valid_from} == {date(2018, 1, 2)}
    nights = [h for h in common if not h.valid_from]
    assert {(h.weekday, h.opens, h.closes, h.overnight) for h in nights} == {
        (4, time(22), time(0), True),
        (5, time(0), time(0), True),
        (6, time(0), time(4), False),
    }
    (booked,) = [h for h in bundle.hours if h.service]
    assert (booked.service, booked.mode, booked.weekday) == ("elakeneuvonta", "appointment", 0)
    closed, eve = sorted(bundle.exceptions, key=lambda e: e.first)
    assert (closed.first, closed.last) == (date(2018, 12, 24), date(2018, 12, 26))
    assert (closed.closed, closed.reason_fi, closed.reason_sv) == (True, "Joulu", "Jul")
    assert (eve.first, eve.last, eve.closes) == (date(2018, 12, 31),) * 2 + (time(13),)
    assert [(o.service, o.mode) for o in bundle.offers] == [("elakeneuvonta", "appointment")]


def test_a_service_named_elsewhere_never_overwrites_a_known_one(db: None) -> None:
    store_bundle(small_register())
    Service.objects.create(code="elakeneuvonta", name_fi="Oma nimi", requires_official=True)
    import_register(ELSEWHERE, "ptv")
    service = Service.objects.get(code="elakeneuvonta")
    assert (service.name_fi, service.requires_official) == ("Oma nimi", True)
    assert ServicePoint.objects.count() == 2


def test_appointments_are_written_as_reservations_and_joint_points_as_asti(tmp_path: Path) -> None:
    small = small_register()
    (hour,) = small.hours
    (point,) = small.points
    bundle = replace(
        small,
        points=(replace(point, kind="joint_service_point"),),
        hours=(replace(hour, mode="appointment", service="pension"),),
    )
    (channel,) = _written(bundle, tmp_path)["itemList"]
    (connection,) = channel["services"]
    assert connection["isASTIConnection"] is True
    (entry,) = connection["serviceHours"]
    assert entry["isReservation"] is True
    assert entry["validForNow"] is True
    opening = entry["openingHour"][0]
    assert (opening["dayFrom"], opening["from"], opening["to"]) == ("Monday", "09:00", "15:00")


def test_positions_are_written_in_etrs_tm35fin(tmp_path: Path) -> None:
    (channel,) = _written(small_register(), tmp_path)["itemList"]
    street = channel["addresses"][0]["streetAddress"]
    assert float(street["latitude"]) == pytest.approx(6_803_600, abs=2_000)
    assert float(street["longitude"]) == pytest.approx(353_900, abs=2_000)


def test_summer_hours_show_as_dated_hours_of_the_next_summer(tmp_path: Path) -> None:
    small = small_register()
    summer = HoursRecord("palkane", 1, time(9), time(12), season_from="06-01", season_until="08-31")
    document = _written(replace(small, hours=(summer,)), tmp_path, on=date(2018, 9, 15))
    (entry,) = document["itemList"][0]["serviceHours"]
    assert (entry["validFrom"], entry["validTo"]) == ("2019-06-01T00:00:00", "2019-08-31T00:00:00")
    assert FORMATS["ptv"].read(tmp_path / "ptv.json").hours == (summer,)


def test_hours_of_a_closing_point_end_on_its_last_day(tmp_path: Path) -> None:
    small = small_register()
    (point,) = small.points
    bundle = replace(small, points=(replace(point, valid_until=date(2018, 8, 31)),))
    (channel,) = _written(bundle, tmp_path)["itemList"]
    assert channel["serviceHours"][0]["validTo"] == "2018-08-31T00:00:00"
    assert FORMATS["ptv"].read(tmp_path / "ptv.json") == bundle


def test_an_edit_in_the_standard_part_wins_over_what_the_extension_remembers(
    tmp_path: Path,
) -> None:
    document = _written(small_register(), tmp_path)
    (channel,) = document["itemList"]
    street = channel["addresses"][0]["streetAddress"]
    street["latitude"] = str(float(street["latitude"]) + 1_000)
    (tmp_path / "ptv.json").write_text(json.dumps(document), encoding="utf-8")
    (point,) = FORMATS["ptv"].read(tmp_path / "ptv.json").points
    assert point.lat == pytest.approx(61.338 + 1 / 111.4, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-06-01T00:00:00", "2018-06-01"),
        ("2018-06-01T23:59:59Z", "2018-06-01"),
        ("2018-05-31T21:00:00Z", "2018-06-01"),
        ("2018-06-01", "2018-06-01"),
        ("soon", "soon"),
    ],
)
def test_ptv_moments_stand_for_local_days(text: str, day: str) -> None:
    assert day_of(text) == day


def test_every_error_of_a_ptv_document_is_told_with_its_json_path(tmp_path: Path) -> None:
    document = json.loads(ELSEWHERE.read_text(encoding="utf-8"))
    channel = document["itemList"][0]
    channel["languages"] = ["fi", "qq"]
    channel["serviceHours"][0]["openingHour"][0]["to"] = "07:00:00"
    channel["serviceHours"][2]["validFrom"] = "2019-01-01T00:00:00"
    channel["addresses"][1]["streetAddress"]["latitude"] = "north"
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        FORMATS["ptv"].read(path)
    told = {(e.row, e.column) for e in rejected.value.errors}
    assert told == {
        (0, "languages"),
        (0, "serviceHours[0].openingHour[0].to"),
        (0, "serviceHours[2].validTo"),
        (0, "addresses[1].streetAddress.latitude"),
    }


def test_a_document_of_another_shape_is_rejected_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('[{"serviceChannelNames": "Pälkäne"}]', encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        FORMATS["ptv"].read(path)
    (error,) = rejected.value.errors
    assert (error.row, error.column) == (0, "serviceChannelNames")
