"""How long the next free times over the whole network take in the server process.

    python -m benchmarks.booking_network --factor 1 --bookings 200000
    python -m benchmarks.free_times

Both on the database that DATABASE_URL or PALVELUVERKKO_HOME names. Each question is what a page
asks for its first page of results, with another place, service and language every time:

nearest      the next three times at each of the 20 points nearest to a place: at desks and in video
             rooms, by video and by phone
earliest     the 20 points with the first free time of the whole network, at desks and in rooms
page nearest, page earliest   the whole results page by Django's test client, template included
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.booking_network import SERVICES, prepare_django

LANGUAGES = ("*", "fi", "sv")
NEAREST = 20


def questions(count: int, seed: int) -> list[tuple[str, str, float, float, list[str]]]:
    """Service, language, position and the ids of the nearest points, in random order."""
    from palveluverkko.access.travel import great_circle_km
    from palveluverkko.network.models import ServicePoint

    chance = random.Random(seed)
    points = list(ServicePoint.objects.values_list("pk", "lat", "lon"))
    lat, lon = [p[1] for p in points], [p[2] for p in points]
    asked = []
    for _ in range(count):
        _id, north, east = chance.choice(points)
        km = great_circle_km(north, east, lat, lon)
        near = [points[i][0] for i in km.argsort(kind="stable")[:NEAREST]]
        asked.append((chance.choice(SERVICES), chance.choice(LANGUAGES), north, east, near))
    return asked


def nearest(service: str, language: str, near: list[str]) -> int:
    from palveluverkko.booking.queries import next_free

    found = next_free(near, "appointment", service, language)
    found |= next_free(near, "video_room", service, language)
    for mode in ("video", "phone"):
        found |= next_free([None], mode, service, language)
    return sum(len(times) for times in found.values())


def earliest(service: str, language: str) -> int:
    from palveluverkko.booking import queries

    return sum(
        len(queries.earliest(mode, service, language)) for mode in ("appointment", "video_room")
    )


def page(client: Any, service: str, language: str, place: str, sort: str) -> int:
    query = {
        "service": service,
        "place": place,
        "language": language.replace("*", ""),
        "sort": sort,
    }
    answer = client.get("/fi/find/", query)
    assert answer.status_code == 200, answer.status_code
    return len(answer.content)


def timed(name: str, calls: list[Callable[[], int]]) -> dict[str, Any]:
    """Milliseconds on the clock, and of this process's own work. The first call only warms."""
    calls[0]()
    took, cpu, found = [], [], 0
    for call in calls:
        started, busy = time.perf_counter(), time.process_time()
        found += call()
        took.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - busy) * 1000)
    took.sort()
    cpu.sort()
    return {
        "question": name,
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[int(len(took) * 0.95)], 1),
        "cpu_p50_ms": round(statistics.median(cpu), 1),
        "cpu_p95_ms": round(cpu[int(len(cpu) * 0.95)], 1),
        "found": round(found / len(calls)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="times each question is asked")
    parser.add_argument("--seed", type=int, default=2018)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    options = parser.parse_args()
    prepare_django()
    from django.db import connection
    from django.test import Client

    from palveluverkko.booking.models import Booking, FreeDay
    from palveluverkko.network.models import Municipality, ServicePoint

    asked = questions(options.count, options.seed)
    towns = list(Municipality.objects.values_list("name_fi", flat=True))
    placed = [(s, lang, towns[i % len(towns)]) for i, (s, lang, *_rest) in enumerate(asked)]
    client = Client(headers={"host": "localhost"})
    rows = [
        timed("nearest", [lambda a=a: nearest(a[0], a[1], a[4]) for a in asked]),
        timed("earliest", [lambda a=a: earliest(a[0], a[1]) for a in asked]),
        timed("page nearest", [lambda p=p: page(client, *p, "") for p in placed]),
        timed("page earliest", [lambda p=p: page(client, *p, "earliest") for p in placed]),
    ]
    report = {
        "benchmark": "free_times",
        "database": connection.vendor,
        "points": ServicePoint.objects.count(),
        "bookings": Booking.objects.count(),
        "free_days": FreeDay.objects.count(),
        "count": options.count,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    for key, value in report.items():
        print(f"{key:10} {value}")
    for row in rows:
        print(
            f"{row['question']:14} p50 {row['p50_ms']:7.1f} ms  p95 {row['p95_ms']:7.1f} ms"
            f"  this process's CPU p50 {row['cpu_p50_ms']:6.1f} p95 {row['cpu_p95_ms']:6.1f}"
            f"  found {row['found']}"
        )
    if options.json:
        whole = report | {"rows": rows}
        options.json.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
