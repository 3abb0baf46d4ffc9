"""The feeds of a point's hours hold in its own zone, on DST days, and are not sent twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from palveluverkko.network.models import OpeningException, OpeningHours
from palveluverkko.web.portal import clock
from tests.web.portal import world

pytestmark = pytest.mark.usefixtures("town")


def document(client: Client, point: str = "main") -> dict[str, Any]:
    return json.loads(client.get(f"/en/service-points/{point}/hours.json").content)


def events(client: Client, point: str = "main", language: str = "en") -> list[Any]:
    response = client.get(f"/{language}/service-points/{point}/hours.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content).walk("VEVENT")


def on(found: list[Any], day: date) -> list[tuple[datetime, datetime, str]]:
    """The openings that begin on a day of UTC, with their summaries."""
    opened = [event for event in found if isinstance(event.decoded("dtstart"), datetime)]
    return [
        (event.decoded("dtstart"), event.decoded("dtend"), str(event["summary"]))
        for event in opened
        if event.decoded("dtstart").date() == day
    ]


def utc(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def test_both_feeds_hold_the_next_sixty_days(client: Client) -> None:
    found = document(client)
    assert (found["first"], found["last"]) == ("2026-12-28", "2027-02-25")
    assert len(found["days"]) == 60
    assert found["timezone"] == "Europe/Helsinki"


def test_a_divided_day_is_divided_in_both_feeds(client: Client) -> None:
    day = next(d for d in document(client)["days"] if d["date"] == "2026-12-31")
    assert day["note"] == "New Year's Eve"
    assert {line["closes"] for line in day["open"]} == {
        "2026-12-31T13:00:00+02:00",
        "2026-12-31T16:00:00+02:00",
    }
    eve = world.NEW_YEARS_EVE
    assert sorted(on(events(client), eve)) == [
        (utc(eve, 7), utc(eve, 11), "Kuopion toimisto open: General advice"),
        (utc(eve, 7), utc(eve, 14), "Kuopion toimisto open: Urgent assistance"),
    ]


def test_a_holiday_is_an_all_day_event_with_its_name(client: Client) -> None:
    [event] = [e for e in events(client) if e.decoded("dtstart") == date(2027, 1, 1)]
    assert str(event["summary"]) == "Kuopion toimisto closed"
    assert str(event["comment"]) == "New Year's Day"


def test_a_point_abroad_keeps_its_own_clock(client: Client) -> None:
    day = date(2026, 12, 29)
    assert on(events(client, "abroad"), day) == [(utc(day, 8), utc(day, 15), "Haparanda open")]
    shown = next(d for d in document(client, "abroad")["days"] if d["date"] == day.isoformat())
    assert shown["open"][0]["opens"] == "2026-12-29T09:00:00+01:00"


@pytest.mark.parametrize(
    ("sunday", "before", "after"),
    [(date(2028, 3, 26), "+02:00", "+03:00"), (date(2028, 10, 29), "+03:00", "+02:00")],
)
def test_hours_over_a_change_of_clocks_keep_their_wall_clock(
    client: Client, monkeypatch: pytest.MonkeyPatch, sunday: date, before: str, after: str
) -> None:
    OpeningHours.objects.create(point_id="joint", weekday=6, opens=time(1), closes=time(9))
    saturday = sunday - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: utc(saturday, 8))
    shown = next(d for d in document(client, "joint")["days"] if d["date"] == sunday.isoformat())
    [line] = shown["open"]
    assert line["opens"] == f"{sunday}T01:00:00{before}"
    assert line["closes"] == f"{sunday}T09:00:00{after}"
    [event] = [
        e
        for e in events(client, "joint")
        if str(e["uid"]).startswith(f"joint.{sunday.isoformat()}.")
    ]
    elapsed = event.decoded("dtend") - event.decoded("dtstart")
    assert elapsed == timedelta(hours=7 if before < after else 9)


def test_an_event_keeps_its_uid_when_its_hours_move(client: Client) -> None:
    def uids() -> list[str]:
        return [str(e["uid"]) for e in events(client, "joint") if "2026-12-29" in str(e["uid"])]

    before = uids()
    OpeningException.objects.create(
        point_id="joint",
        first=date(2026, 12, 29),
        last=date(2026, 12, 29),
        closed=False,
        opens=time(11),
        closes=time(12),
    )
    assert uids() == before
    everything = [str(event["uid"]) for event in events(client)]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("feed", ["hours.ics", "hours.json"])
def test_unchanged_hours_are_not_sent_again(client: Client, feed: str) -> None:
    address = f"/en/service-points/main/{feed}"
    first = client.get(address)
    assert "max-age=3600" in first["Cache-Control"]
    assert "public" in first["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    OpeningHours.objects.filter(point_id="main", weekday=0).first().delete()
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_names_of_any_letters_pass_through_the_calendar(client: Client) -> None:
    assert "Pop up Ŋávdna open" in {str(e["summary"]) for e in events(client, "pop")}
