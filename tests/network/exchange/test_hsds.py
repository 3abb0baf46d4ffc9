"""HSDS documents, our own and other people's."""

from __future__ import annotations

import json
from datetime import time
from pathlib import Path

import pytest

from palveluverkko.network.errors import ImportRejected
from palveluverkko.network.exchange import FORMATS, import_register, store_bundle
from palveluverkko.network.models import OpeningHours, ServicePoint
from tests.network.exchange.strategies import small_register

ELSEWHERE = {
    "id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610",
    "name": "Example Organization Inc.",
    "description": "Example Org",
    "locations": [
        {
            "id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5",
            "location_type": "physical",
            "name": "Inarin palvelupiste",
            "latitude": 68.905,
            "longitude": 27.028,
            "languages": [{"id": "1", "name": "Northern Sami", "code": "se"}],
            "addresses": [
                {
                    "id": "2",
                    "address_1": "Ivalontie 1",
                    "city": "Inari",
                    "state_province": "",
                    "postal_code": "99870",
                    "country": "FI",
                    "address_type": "physical",
                }
            ],
            "schedules": [
                {
                    "id": "4",
                    "freq": "WEEKLY",
                    "byday": "TU,TH",
                    "opens_at": "09:00+03:00",
                    "closes_at": "12:00+03:00",
                }
            ],
        },
        {"id": "9", "location_type": "virtual", "name": "Chat"},
    ],
    "services": [
        {
            "id": "ac148810-d857-441c-9679-408f346de14b",
            "name": "General advice",
            "status": "active",
            "service_at_locations": [
                {"id": "7", "location": {"id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5"}}
            ],
        }
    ],
}


def test_an_organization_from_elsewhere_finds_its_municipality_by_name(
    db: None, tmp_path: Path
) -> None:
    store_bundle(small_register())
    path = tmp_path / "hsds.json"
    path.write_text(json.dumps(ELSEWHERE), encoding="utf-8")
    import_register(path, "hsds")
    point = ServicePoint.objects.get(pk="3a19ff88-4620-4d17-9830-ac1d859eb5d5")
    assert (point.municipality_id, point.languages) == ("148", ["se"])
    hours = OpeningHours.objects.filter(point=point).values_list("weekday", "opens", "closes")
    assert set(hours) == {(1, time(9), time(12)), (3, time(9), time(12))}
    assert [o.service_id for o in point.offers.all()] == ["general-advice"]


def test_a_monthly_schedule_is_told_and_not_guessed(tmp_path: Path) -> None:
    document = json.loads(json.dumps(ELSEWHERE))
    document["locations"][0]["schedules"][0]["freq"] = "MONTHLY"
    path = tmp_path / "hsds.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ImportRejected) as rejected:
        FORMATS["hsds"].read(path)
    (error,) = rejected.value.errors
    assert (error.row, error.column) == (0, "locations[0].schedules[0].freq")
    assert error.value == "MONTHLY"


def test_weekly_hours_are_written_as_rfc_5545_terms(tmp_path: Path) -> None:
    FORMATS["hsds"].write(small_register(), tmp_path / "hsds.json")
    (organization,) = json.loads((tmp_path / "hsds.json").read_text(encoding="utf-8"))
    (location,) = organization["locations"]
    (schedule,) = location["schedules"]
    assert {k: v for k, v in schedule.items() if k != "id"} == {
        "freq": "WEEKLY",
        "byday": "MO",
        "wkst": "MO",
        "opens_at": "09:00",
        "closes_at": "15:00",
    }
    assert (location["latitude"], location["longitude"]) == (61.338, 24.268)
    assert (
        organization["services"][0]["service_at_locations"][0]["location"]["id"] == (location["id"])
    )
