"""Under contention: no contact to two advisers, each customer once, and the day adds up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.contact.pool_contention import CUSTOMERS, contend

HALF = CUSTOMERS // 2


def holds(result: dict[str, object]) -> None:
    assert result["contacts"] == HALF + 1
    assert result["pairs"]
    assert result["accepted_once"]
    assert result["ended"] == HALF + 1
    assert result["holds"]
    assert result["presses"] == ["answered"]
    assert result["answered"] == result["served"]


def test_64_customers_and_8_advisers_on_sqlite(tmp_path: Path) -> None:
    """In a program of its own: the tests' SQLite lives in memory and locks otherwise."""
    root = Path(__file__).parents[2]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "PALVELUVERKKO_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "palveluverkko.config.settings",
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.contact.pool_contention"],
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
