"""``times``, ``roster make``, ``free rebuild``, ``closures``: what can be booked, what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.db.models import Count, Q

from palveluverkko.access.travel import great_circle_km
from palveluverkko.booking import offerings, projection, queries
from palveluverkko.booking.errors import FreeTime
from palveluverkko.booking.models import MODES_AT_POINTS, Affected, BookingMode, Closure
from palveluverkko.booking.roster import make_shifts
from palveluverkko.booking.terms import TermsBook
from palveluverkko.cli.assessing import FormatOption
from palveluverkko.cli.output import Exit, Format, err, fail, print_rows, progress
from palveluverkko.example.logins import Login
from palveluverkko.network.finding import Place, Several, find_place
from palveluverkko.network.models import ServicePoint

COLUMNS = ("time", "zone", "mode", "point", "name", "km")
CLOSURE_COLUMNS = ("id", "cause", "point", "person", "first", "last", "to_do", "all")
roster_app = typer.Typer(help="Work rosters.", no_args_is_help=True)
free_app = typer.Typer(help="The free times that pages show.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(times)
    app.command()(closures)
    app.add_typer(roster_app, name="roster")
    app.add_typer(free_app, name="free")


def times(
    service: Annotated[str, typer.Option(help="The service's code, for example pension.")],
    place: Annotated[
        str, typer.Option(help="Municipality, postal code or point; none: the whole network.")
    ] = "",
    mode: Annotated[
        BookingMode | None, typer.Option(help="How to meet; every way by default.")
    ] = None,
    language: Annotated[str, typer.Option(help="A language the adviser must speak.")] = "*",
    limit: Annotated[int, typer.Option(help="Times of each way.", min=1, max=200)] = 10,
    points: Annotated[int, typer.Option(help="Nearest points to look at.", min=1)] = 20,
    fmt: FormatOption = Format.TABLE,
) -> None:
    """Show the next free times: of the nearest points, by video and by phone."""
    register = offerings.current()
    if service not in register.services:
        known = ", ".join(register.services)
        fail(f"There is no service {service!r}. Known: {known}.", Exit.NOT_FOUND)
    near = _nearest(_place(place), points) if place else None
    found: list[FreeTime] = []
    for wanted in [mode] if mode else list(BookingMode):
        found += _free(wanted, service, language, near, limit)
    names = dict(ServicePoint.objects.values_list("pk", "name_fi"))
    found.sort(key=lambda free: (free.start, free.mode, free.point or ""))
    rows = [_row(free, names, near or {}) for free in found]
    print_rows(rows, COLUMNS, fmt, f"Free times: {service}", right=("km",))


def closures(
    done: Annotated[bool, typer.Option("--all", help="Those that are done too.")] = False,
    fmt: FormatOption = Format.TABLE,
) -> None:
    """List closures with bookings that are still to be moved, called or declined."""
    to_do = Count("affected", filter=Q(affected__state__in=Affected.TO_DO))
    rows = Closure.objects.annotate(to_do=to_do, all=Count("affected")).select_related("person")
    if not done:
        rows = rows.filter(to_do__gt=0)
    print_rows(
        [
            {
                "id": row.pk,
                "cause": row.cause,
                "point": row.point_id,
                "person": row.person.name if row.person else None,
                "first": str(row.first),
                "last": str(row.last) if row.last else None,
                "to_do": row.to_do,
                "all": row.all,
            }
            for row in rows.order_by("first", "pk")
        ],
        CLOSURE_COLUMNS,
        fmt,
        "Closures",
        right=("to_do", "all"),
    )


@roster_app.command("make")
def roster_make(
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Last day; default: as far as can be booked."),
    ] = None,
) -> None:
    """Make shifts from the weekly rosters, from today on. Those that are there stay as they are."""
    today = projection.today_utc()
    last = until.date() if until else today + timedelta(days=TermsBook.load().horizon_days + 1)
    if last < today:
        fail(f"{last} has passed. Nothing was changed.", Exit.REJECTED)
    with progress("Making shifts") as update:
        made = make_shifts(today, last, update)
    err.print(f"Shifts made: {made}. Last day: {last}.", highlight=False)


@free_app.command("rebuild")
def free_rebuild(
    point: Annotated[
        list[str] | None, typer.Option(help="A point's id, @video or @phone; may be repeated.")
    ] = None,
) -> None:
    """Make the free times again from rosters, hours and bookings. Pages show them meanwhile."""
    known = projection.all_outlets()
    if unknown := sorted(set(point or ()) - set(known)):
        fail(f"Nothing can be booked at {', '.join(unknown)}.", Exit.NOT_FOUND)
    with progress("Looking for free times") as update:
        made = projection.rebuild(point or None, progress=update)
    err.print(f"Services and days with free times: {made}.", highlight=False)


def show_new_logins(logins: Sequence[Login]) -> None:
    """Print new passwords; they are stored nowhere in plain and cannot be shown again."""
    if not logins:
        return
    err.print("These people can log in. Their passwords are shown only now:")
    for login in logins:
        err.print(
            f"  {login.name:8} {login.password}  ({login.resource})", highlight=False, markup=False
        )


def _place(text: str) -> Place:
    found = find_place(text, "fi")
    if isinstance(found, Several):
        choices = ", ".join(p.name for p in found.choices)
        fail(f"There are several places {text!r}: {choices}.", Exit.NOT_FOUND)
    if not isinstance(found, Place):
        hint = f" Perhaps: {', '.join(found.suggestions)}?" if found.suggestions else ""
        fail(f"There is no place {text!r}.{hint}", Exit.NOT_FOUND)
    return found


def _nearest(place: Place, most: int) -> dict[str, float]:
    """The nearest points by id, with kilometres in a straight line."""
    rows = list(ServicePoint.objects.values_list("pk", "lat", "lon"))
    km = great_circle_km(place.lat, place.lon, [r[1] for r in rows], [r[2] for r in rows])
    nearest = sorted(zip(km, (r[0] for r in rows), strict=True))[:most]
    return {point: float(away) for away, point in nearest}


def _free(
    mode: str, service: str, language: str, near: dict[str, float] | None, limit: int
) -> list[FreeTime]:
    if mode not in MODES_AT_POINTS:
        return queries.free_times(None, mode, service, language, limit=limit)
    if near is None:
        return queries.earliest(mode, service, language, limit=limit)
    found = queries.next_free(list(near), mode, service, language, each=3)
    times = [free for free_at in found.values() for free in free_at]
    return sorted(times, key=lambda free: free.start)[:limit]


def _row(free: FreeTime, names: dict[str, str], near: dict[str, float]) -> dict[str, Any]:
    zone = offerings.current().zone_of(free.point)
    local = free.start.astimezone(ZoneInfo(zone))
    return {
        "time": f"{local:%Y-%m-%d %H:%M}",
        "zone": zone,
        "mode": str(free.mode),
        "point": free.point,
        "name": names.get(free.point or ""),
        "km": near.get(free.point or ""),
    }
