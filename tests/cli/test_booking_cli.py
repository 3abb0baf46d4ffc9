"""Free times, rosters and work lists on the command line."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
import typer
from typer.testing import CliRunner

from palveluverkko.booking import projection
from palveluverkko.booking.models import (
    Affected,
    Booking,
    Closure,
    FreeDay,
    RosterPattern,
    Shift,
)
from palveluverkko.cli import booking
from palveluverkko.example.logins import Login
from palveluverkko.network.models import ServicePoint
from tests.booking.world import adviser, desk, point, terms

pytestmark = pytest.mark.django_db
runner = CliRunner()


@pytest.fixture(scope="module")
def commands() -> typer.Typer:
    app = typer.Typer()
    booking.register(app)
    return app


@pytest.fixture
def kuopio() -> ServicePoint:
    """A point with an adviser who works every weekday, as a pattern only; no shifts yet."""
    at = point()
    terms()
    desk(at)
    person = adviser(at=at)
    for weekday in range(5):
        RosterPattern.objects.create(
            person=person,
            point=at,
            weekday=weekday,
            begins=time(9),
            ends=time(12),
            modes=["appointment"],
        )
    return at


def run(commands: typer.Typer, *words: str, code: int = 0) -> str:
    result = runner.invoke(commands, words)
    assert result.exit_code == code, result.output + result.stderr
    return result.stdout if code == 0 else result.stdout + result.stderr


def test_shifts_and_free_times_are_made_and_then_shown(
    commands: typer.Typer, kuopio: ServicePoint
) -> None:
    run(commands, "roster", "make")
    assert Shift.objects.count() > 30
    made = Shift.objects.count()
    run(commands, "roster", "make")
    assert Shift.objects.count() == made
    run(commands, "free", "rebuild", "--point", "kuopio")
    assert FreeDay.objects.filter(outlet="kuopio").exists()
    words = ("times", "--service", "general", "--place", "kuopio", "--mode", "appointment")
    found = json.loads(run(commands, *words, "--limit", "2", "--format", "json"))
    assert len(found) == 2
    assert found[0]["point"] == "kuopio"
    assert found[0]["zone"] == "Europe/Helsinki"
    assert found[0]["km"] == 0
    local = datetime.strptime(found[0]["time"], "%Y-%m-%d %H:%M")
    assert time(9) <= local.time() < time(12)
    everywhere = json.loads(run(commands, *words[:3], "--format", "json"))
    assert everywhere[0]["point"] == "kuopio"


def test_a_roster_is_made_no_further_than_asked(
    commands: typer.Typer, kuopio: ServicePoint
) -> None:
    until = projection.today_utc() + timedelta(days=7)
    run(commands, "roster", "make", "--until", str(until))
    assert Shift.objects.latest("start").start.date() <= until
    assert Shift.objects.count() <= 6
    assert "has passed" in run(commands, "roster", "make", "--until", "2018-06-01", code=1)


def test_what_is_unknown_is_named_with_what_may_be_meant(
    commands: typer.Typer, kuopio: ServicePoint
) -> None:
    assert "Known: general" in run(commands, "times", "--service", "genral", code=3)
    near = run(commands, "times", "--service", "general", "--place", "kuopoi", code=3)
    assert "Perhaps" in near
    assert "ivalo" in run(commands, "free", "rebuild", "--point", "ivalo", code=3)


def test_only_closures_with_something_left_to_do_are_listed(
    commands: typer.Typer, kuopio: ServicePoint
) -> None:
    start = datetime(2026, 3, 2, 8, tzinfo=UTC)
    closure = Closure.objects.create(
        cause="closed_days", point=kuopio, first=date(2026, 3, 2), last=date(2026, 3, 2), key="k"
    )
    made = Booking.objects.create(
        state="confirmed",
        mode="appointment",
        point=kuopio,
        service_id="general",
        language="fi",
        start=start,
        end=start + timedelta(minutes=30),
        name="Esimerkki",
    )
    affected = Affected.objects.create(closure=closure, booking=made, was_start=start)
    (found,) = json.loads(run(commands, "closures", "--format", "json"))
    assert (found["to_do"], found["all"], found["point"]) == (1, 1, "kuopio")
    affected.state = Affected.State.CALLED
    affected.save()
    assert json.loads(run(commands, "closures", "--format", "json")) == []
    assert len(json.loads(run(commands, "closures", "--all", "--format", "json"))) == 1


def test_new_passwords_are_shown_and_none_without_new_logins(
    capsys: pytest.CaptureFixture[str],
) -> None:
    booking.show_new_logins([])
    assert capsys.readouterr().err == ""
    booking.show_new_logins([Login("adviser", "se[cret]", "Neuvoja 1 Kuopio")])
    assert "se[cret]" in capsys.readouterr().err
