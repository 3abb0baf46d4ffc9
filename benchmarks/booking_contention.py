"""Bookings per second when 64 customers all want the first free hour, and how many hours were given
twice.

    python -m venv PEER && PEER/bin/pip install "django-appointment==3.12.0" \
        "psycopg[binary]" dj-database-url
    python -m benchmarks.booking_contention --peer-python PEER/bin/python

A point with eight advisers. Every customer is a process: it looks for the first free time, takes it
(hold, then confirm), and looks again where somebody else was faster, until it has its bookings.
The peer, django-appointment, does the same with its own functions: slots of every staff member, the
form of a request, the appointment. Its web pages, sessions and mail are left out; ours write the
message to the outbox and owe the reminder, as always.

SQLite by default, in a new folder; with ``--database URL`` in that PostgreSQL database, which must
be empty, and the peer's in the one of ``--peer-database``.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ADVISERS = 8
MINUTES = 30
OPENS, CLOSES = clock(9), clock(16)
A_DAY = ADVISERS * 14  # meetings of half an hour from 9 to 16
ZONE = ZoneInfo("Europe/Helsinki")
PATIENCE_SECONDS = 600

BookOne = Callable[[int], int]  # a number for the customer; how often it was refused


def workdays(count: int) -> list[date]:
    """The next working days, from the day after tomorrow on."""
    day, found = datetime.now(UTC).date() + timedelta(days=2), []
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day)
        day += timedelta(days=1)
    return found


def race(clients: int, each: int, book_one: BookOne) -> dict[str, Any]:
    """All customers at once, each its own process; begun together."""
    from django.db import connection

    connection.close()
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(clients + 1), context.Queue()

    def client(number: int) -> None:
        refused, slowest = 0, 0.0
        start.wait()
        try:
            for n in range(each):
                began = time.perf_counter()
                refused += book_one(number * each + n)
                slowest = max(slowest, time.perf_counter() - began)
            results.put((refused, slowest, ""))
        except Exception as failed:
            results.put((refused, slowest, repr(failed)[:200]))

    processes = [context.Process(target=client, args=(n,)) for n in range(clients)]
    for process in processes:
        process.start()
    start.wait()
    began = time.perf_counter()
    told = [results.get(timeout=PATIENCE_SECONDS) for _ in processes]
    seconds = time.perf_counter() - began
    for process in processes:
        process.join()
    return {
        "seconds": round(seconds, 2),
        "refused": sum(t[0] for t in told),
        "slowest_seconds": round(max(t[1] for t in told), 2),
        "errors": [t[2] for t in told if t[2]],
    }


def own(clients: int, each: int) -> dict[str, Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "palveluverkko.config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from palveluverkko.booking import queries
    from palveluverkko.booking.customers import Customer
    from palveluverkko.booking.errors import BookingError
    from palveluverkko.booking.models import Booking, Claim
    from palveluverkko.booking.services import confirm, hold
    from palveluverkko.booking.wishes import Wish
    from palveluverkko.messages import waking

    # A server wakes its workers over one line; 64 processes would need a second connection each,
    # more than PostgreSQL allows by default.
    waking._wake = lambda: None
    call_command("migrate", verbosity=0)
    _own_point(workdays(math.ceil(clients * each / A_DAY)))

    def book_one(number: int) -> int:
        refused = 0
        while times := queries.free_times("point", "appointment", "general", "fi", limit=1):
            wish = Wish("appointment", "general", "fi", times[0].start, "point")
            try:
                booking = hold(wish, key=f"{number}-{refused}")
                confirm(booking.pk, Customer(f"Asiakas {number}", email=f"a{number}@example.org"))
                return refused
            except BookingError:
                refused += 1
        raise RuntimeError("no free time is left")

    result = race(clients, each, book_one)
    claims = Claim.objects.values_list("resource_id", "start", "end")
    confirmed = Booking.objects.filter(state=Booking.State.CONFIRMED).count()
    return result | {"booked": confirmed, "doubled": overlaps(list(claims))}


def _own_point(days: list[date]) -> None:
    from palveluverkko.booking import projection
    from palveluverkko.booking.models import Resource, Shift, Terms
    from palveluverkko.network import models, revision

    models.Agency.objects.create(
        code="bench", name_fi="b", country="FI", timezone="Europe/Helsinki", languages=["fi"]
    )
    town = models.Municipality.objects.create(code="000", name_fi="b")
    models.Service.objects.create(code="general", name_fi="b")
    point = models.ServicePoint.objects.create(
        id="point", name_fi="b", kind="service_point", municipality=town, lat=62, lon=25
    )
    for weekday in range(5):
        models.OpeningHours.objects.create(point=point, weekday=weekday, opens=OPENS, closes=CLOSES)
    models.ServiceOffer.objects.create(point=point, service_id="general", mode="appointment")
    Terms.objects.create(
        service_id="general", minutes=MINUTES, buffer_after=0, step_minutes=MINUTES
    )
    for n in range(ADVISERS):
        desk = Resource.objects.create(kind="desk", name=f"Desk {n}", point=point)
        adviser = Resource.objects.create(
            kind="adviser", name=f"A {n}", point=point, services=["general"], languages=["fi"]
        )
        for day in days:
            begins, ends = (datetime.combine(day, t, ZONE) for t in (OPENS, CLOSES))
            Shift.objects.create(
                person=adviser,
                point=point,
                desk=desk,
                start=begins,
                end=ends,
                modes=["appointment"],
            )
    revision.bump()
    projection.rebuild()


def peer(clients: int, each: int) -> dict[str, Any]:
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="bench",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "appointment",
        ],
        DATABASES={"default": _peer_database()},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="Europe/Helsinki",
        LOGGING_CONFIG=None,
    )
    django.setup()
    import logging

    logging.disable(logging.CRITICAL)
    from appointment import models
    from appointment.forms import AppointmentRequestForm
    from appointment.services import get_available_slots_for_staff
    from appointment.utils.db_helpers import create_and_save_appointment, get_weekday_num_from_date
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser
    from django.core.management import call_command
    from django.test import RequestFactory

    call_command("migrate", "auth", verbosity=0)
    call_command("migrate", verbosity=0, run_syncdb=True)  # the peer has no migrations
    days = workdays(math.ceil(clients * each / A_DAY))
    service = _peer_staff(clients * each)
    staff = list(models.StaffMember.objects.order_by("pk"))
    request = RequestFactory().post("/")
    request.user = AnonymousUser()
    assert get_user_model().objects.count()

    def first_free() -> tuple[date, datetime, Any]:
        for day in days:
            weekday = get_weekday_num_from_date(day)
            free = [
                (slots[0], member.pk, member)
                for member in staff
                if (slots := get_available_slots_for_staff(day, member, weekday, service))
            ]
            if free:
                slot, _pk, member = min(free, key=lambda found: found[:2])
                return day, slot, member
        raise RuntimeError("no free time is left")

    def book_one(number: int) -> int:
        day, slot, member = first_free()
        ends = slot + timedelta(minutes=MINUTES)
        form = AppointmentRequestForm(
            {
                "date": day,
                "start_time": slot.time(),
                "end_time": ends.time(),
                "service": service.pk,
                "staff_member": member.pk,
            }
        )
        if not form.is_valid():
            return 1
        client = {"name": f"Asiakas {number}", "email": f"a{number}@example.org"}
        create_and_save_appointment(form.save(), client, {"want_reminder": False}, request)
        return 0

    result = race(clients, each, book_one)
    rows = models.Appointment.objects.values_list(
        "appointment_request__staff_member_id",
        "appointment_request__date",
        "appointment_request__start_time",
        "appointment_request__end_time",
    )
    spans = [(s, datetime.combine(d, a), datetime.combine(d, b)) for s, d, a, b in rows]
    return result | {"booked": len(spans), "doubled": overlaps(spans)}


def _peer_database() -> dict[str, Any]:
    """The same settings of the database as ours."""
    import dj_database_url

    database = dict(dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600))
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 120,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    return database


def _peer_staff(customers: int) -> Any:
    from appointment import models
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    service = models.Service.objects.create(
        name="general", duration=timedelta(minutes=MINUTES), price=0
    )
    for n in range(ADVISERS):
        user = users.create_user(username=f"staff-{n}", email=f"s{n}@example.org")
        member = models.StaffMember.objects.create(
            user=user,
            slot_duration=MINUTES,
            lead_time=OPENS,
            finish_time=CLOSES,
            appointment_buffer_time=0,
        )
        member.services_offered.add(service)
        for weekday in range(1, 6):  # 0 is Sunday
            models.WorkingHours.objects.create(
                staff_member=member, day_of_week=weekday, start_time=OPENS, end_time=CLOSES
            )
    for n in range(customers):
        users.create(username=f"a{n}", email=f"a{n}@example.org")
    return service


def overlaps(spans: list[tuple[Any, datetime, datetime]]) -> int:
    """How many begin while another one of the same resource is not over."""
    found, ends = 0, {}
    for resource, start, end in sorted(spans):
        found += start < ends.get(resource, start)
        ends[resource] = max(end, ends.get(resource, end))
    return found


def run(step: str, python: str, options: argparse.Namespace, database: str) -> dict[str, Any]:
    """One system in a process of its own, with a new folder or the database given."""
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{folder}/palveluverkko.sqlite3"
        environment = {**os.environ, "PALVELUVERKKO_HOME": folder, "DATABASE_URL": url}
        command = [python, __file__, "--step", step, "--clients", str(options.clients)]
        done = subprocess.run(
            [*command, "--each", str(options.each)],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["per_second"] = round(found["booked"] / found["seconds"], 1)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--each", type=int, default=5, help="bookings of each client")
    parser.add_argument("--database", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--peer-database", default="", help="the same for the peer")
    parser.add_argument("--peer-python", default="", help="Python that has django-appointment")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--step", choices=("own", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        work = own if options.step == "own" else peer
        print(json.dumps(work(options.clients, options.each)))
        return
    report: dict[str, Any] = {
        "benchmark": "booking_contention",
        "database": options.database.split(":")[0] or "sqlite",
        "clients": options.clients,
        "each": options.each,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "own": run("own", sys.executable, options, options.database),
    }
    if options.peer_python:
        report["peer"] = run("peer", options.peer_python, options, options.peer_database)
        report["ratio"] = round(report["own"]["per_second"] / report["peer"]["per_second"], 2)
    for key, value in report.items():
        print(f"{key:10} {value}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
