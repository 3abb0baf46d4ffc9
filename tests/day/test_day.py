"""A whole day against the running server: the balance holds, and nobody has lost anything.

The full day of 500 callbacks, 300 calls and 40 videos is ``python -m tests.day full``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.booking.programs import ROOT, environment, migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    if connection.vendor == "sqlite":
        migrate(tmp_path)
    return tmp_path


def play(home: Path, size: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.day", size],
        env=environment(home) | {"CALLBACK_MINUTES": "8"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    saw: dict[str, Any] = json.loads(done.stdout)
    return saw


def test_a_day_with_crashed_processes_adds_up_and_loses_nobody(home: Path) -> None:
    saw = play(home, "small")
    assert saw["wrong"] == {}
    assert saw["kills"] == {"serve": 1, "worker1": 1, "worker2": 1}
    # What the day is for has happened.
    assert saw["asked"] >= 25
    assert saw["calls"]["web_call"] >= 20
    assert saw["calls"]["video"] >= 2
    assert saw["talks"]["served"] >= 15
    assert saw["talks"]["finished"] >= 10
    assert sum(saw["talks"].get(o, 0) for o in ("no_answer", "busy")) >= 5
