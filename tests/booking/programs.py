"""Plays a scene in a program of its own: on SQLite with a file, on PostgreSQL in the tests' own
database. The tests' SQLite lives in memory, where threads and processes do not meet as they do in
the product.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

ROOT = Path(__file__).parents[2]


def environment(home: Path) -> dict[str, str]:
    env = {
        **os.environ,
        "PALVELUVERKKO_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "palveluverkko.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "SECRET_KEY": "for tests",
    }
    if connection.vendor == "postgresql":
        params = connection.settings_dict
        env["DATABASE_URL"] = (
            f"postgres://{params['USER']}:{params['PASSWORD']}@{params['HOST']}:"
            f"{params['PORT'] or 5432}/{params['NAME']}"
        )
    else:
        env.pop("DATABASE_URL", None)
    return env


def migrate(home: Path) -> Path:
    """An empty SQLite database, to be copied."""
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, env=environment(home), check=True, cwd=ROOT)
    return home / "palveluverkko.sqlite3"


def play(home: Path, program: str, *words: str) -> dict[str, Any]:
    """What ``python -m program words`` saw."""
    done = subprocess.run(
        [sys.executable, "-m", program, *words],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen
