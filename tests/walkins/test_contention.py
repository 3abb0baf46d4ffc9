"""Under contention: unique numbers without gaps, one desk a customer, one visit a customer."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.walkins.contention import CUSTOMERS, contend

HALF = CUSTOMERS // 2


def holds(result: dict[str, object]) -> None:
    assert result["numbers"] == list(range(1, HALF + 1))
    assert result["pairs"]
    assert result["served"] == list(range(1, HALF + 1))
    assert result["finished"] == ["served"]
    assert (result["tickets"], result["visits"]) == (HALF + 1, HALF + 1)


def test_64_customers_and_8_advisers_on_sqlite(tmp_path: Path) -> None:
    """In a program of its own: the tests' SQLite lives in memory and locks otherwise."""
    root = Path(__file__).parents[2]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "PALVELUVERKKO_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "palveluverkko.config.settings",
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.walkins.contention"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    holds(json.loads(done.stdout))


@pytest.mark.django_db(transaction=True)
def test_64_customers_and_8_advisers_on_postgresql() -> None:
    if connection.vendor == "postgresql":
        holds(contend())
