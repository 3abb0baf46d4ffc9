"""How long an import of daily counts takes against a plain bulk insert of the same rows.

    python benchmarks/import_counts.py --rows 5000000

Uses a new SQLite file, or the database that DATABASE_URL names (which must exist and be empty).
Plain: the rows as ready text (COPY) or ready tuples (``executemany``) into the same table, one
transaction. Import: the CSV file, with every check, the upsert, the weeks and the findings.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

LAST = date(2018, 5, 31)
DAYS = 1826  # five years
SERVICES = ("identification", "social_assistance_urgent", "family", "pension", "general")
STEPS = ("prepare", "plain", "import", "clear")


def prepare(path: Path, rows: int) -> None:
    """A register large enough for the rows, and the file of counts in the order of days."""
    from datetime import time as clock

    import numpy as np
    import polars as pl
    from django.core.management import call_command

    from palveluverkko.network import models

    call_command("migrate", verbosity=0)
    open_days = [day for i in range(DAYS) if (day := LAST - timedelta(days=i)).weekday() < 5]
    count = -(-rows // (len(open_days) * len(SERVICES)))
    models.Agency.objects.create(code="bench", name_fi="bench", country="FI")
    area = models.Municipality.objects.create(code="000", name_fi="bench")
    models.Service.objects.bulk_create(models.Service(code=c, name_fi=c) for c in SERVICES)
    points = models.ServicePoint.objects.bulk_create(
        models.ServicePoint(
            id=f"point-{i:05}", name_fi="x", kind="service_point", municipality=area, lat=62, lon=25
        )
        for i in range(count)
    )
    models.OpeningHours.objects.bulk_create(
        models.OpeningHours(point=p, weekday=d, opens=clock(9), closes=clock(15))
        for p in points
        for d in range(5)
    )
    frame = (
        pl.DataFrame({"date": sorted(open_days)})
        .join(pl.DataFrame({"point": [p.id for p in points]}), how="cross")
        .join(pl.DataFrame({"service": SERVICES}), how="cross")
        .head(rows)
        .with_columns(pl.lit("walk_in").alias("mode"))
    )
    visits = np.random.default_rng(2018).negative_binomial(2, 0.2, frame.height)
    frame = frame.with_columns(pl.Series("visits", visits))
    frame.select("point", "date", "service", "mode", "visits").write_csv(path)


def plain(path: Path) -> float:
    import polars as pl
    from django.db import connection, transaction

    columns = "point_id, date, service_id, mode, visits"
    frame = pl.read_csv(path)
    if connection.vendor == "postgresql":
        ready = frame.write_csv(include_header=False).encode()
        started = time.perf_counter()
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy(f"COPY demand_dailyvisits ({columns}) FROM STDIN (FORMAT csv)") as copy,
        ):
            copy.write(ready)
        return time.perf_counter() - started
    tuples = frame.rows()
    del frame
    connection.ensure_connection()
    started = time.perf_counter()
    with transaction.atomic():
        # The driver's own cursor: nothing of Django's stands between.
        connection.connection.executemany(
            f"INSERT INTO demand_dailyvisits ({columns}) VALUES (?, ?, ?, ?, ?)", tuples
        )
    return time.perf_counter() - started


def imported(path: Path) -> float:
    from palveluverkko.demand.services import import_visits

    started = time.perf_counter()
    result = import_visits(path)
    seconds = time.perf_counter() - started
    print(result, file=sys.stderr)
    return seconds


def clear() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table in ("demand_dailyvisits", "demand_pointweek", "demand_pointfinding"):
            word = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
            cursor.execute(f"{word} {table}")
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")


def step(name: str, path: Path, rows: int) -> dict[str, float | str]:
    """One step in this process; each step has its own, so that peak memory is its own too."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palveluverkko.config.settings")
    django.setup()
    from django.db import connection

    seconds = 0.0
    if name == "prepare":
        prepare(path, rows)
    elif name == "clear":
        clear()
    else:
        seconds = plain(path) if name == "plain" else imported(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 2), "peak_mb": round(peak), "database": connection.vendor}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(step(options.step, options.file, options.rows)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts.csv"
        environment = {**os.environ, "PALVELUVERKKO_HOME": folder}
        results = {}
        for name in ("prepare", "plain", "clear", "import"):
            command = [sys.executable, __file__, "--step", name, "--file", str(file)]
            done = subprocess.run(
                [*command, "--rows", str(options.rows)],
                env=environment,
                check=True,
                stdout=subprocess.PIPE,
                text=True,
            )
            results[name] = json.loads(done.stdout.splitlines()[-1])
        size = file.stat().st_size
    report = {
        "benchmark": "import_counts",
        "database": results["import"]["database"],
        "rows": options.rows,
        "file_mb": round(size / 1e6),
        "plain_seconds": results["plain"]["seconds"],
        "import_seconds": results["import"]["seconds"],
        "ratio": round(results["import"]["seconds"] / max(results["plain"]["seconds"], 0.01), 2),
        "import_peak_mb": results["import"]["peak_mb"],
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    for key, value in report.items():
        print(f"{key:16} {value}")
    print(json.dumps(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
