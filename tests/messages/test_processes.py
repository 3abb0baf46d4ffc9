"""Real threads, processes and kills: nothing is lost and nothing goes out twice.

Each scene runs in processes of its own: on SQLite with a file of its own, on PostgreSQL in the
database of the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]
COMMAND = (str(Path(sys.executable).with_name("palveluverkko")),)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database to copy; made once, because it takes seconds."""
    home = tmp_path_factory.mktemp("migrated")
    subprocess.run([*COMMAND, "migrate"], env=environment(home), check=True, cwd=ROOT)
    return home / "palveluverkko.sqlite3"


def environment(home: Path) -> dict[str, str]:
    env = {**os.environ, "PALVELUVERKKO_HOME": str(home), "SECRET_KEY": "for tests"}
    if connection.vendor == "postgresql":
        params = connection.settings_dict
        env["DATABASE_URL"] = (
            f"postgres://{params['USER']}:{params['PASSWORD']}@{params['HOST']}:"
            f"{params['PORT'] or 5432}/{params['NAME']}"
        )
    else:
        env.pop("DATABASE_URL", None)
    return env


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    if connection.vendor == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path)
    return tmp_path


def play(home: Path, *scene: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.messages.processes", *scene],
        env=environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_sixteen_threads_with_one_event_make_one_message(home: Path) -> None:
    assert play(home, "same_event") == {"rows": 1, "answers": 16, "distinct": 1}


def test_workers_that_meet_do_everything_once(home: Path) -> None:
    saw = play(home, "same_work")
    assert saw["states"] == {"sent": 120}
    assert (saw["promises"], saw["kept"], saw["kept_twice"]) == (60, 60, 0)
    assert (saw["undelivered"], saw["delivered_twice"]) == (0, 0)


def test_two_hundred_killed_workers_lose_nothing_and_double_nothing(home: Path) -> None:
    saw = play(home, "kills", "200")
    assert saw["kills"] == 200
    assert (saw["promises"], saw["kept"]) == (300, 300)
    assert (saw["kept_twice"], saw["kept_without_message"]) == (0, 0)
    assert saw["events"] == saw["queued"] == 600
    assert saw["states"] == {"sent": saw["events"]}
    assert (saw["undelivered"], saw["delivered_twice"]) == (0, 0)
    # How often a kill meets work is chance; without any, nothing would have been tried.
    assert saw["messages_interrupted"] + saw["promises_interrupted"] >= 1


@pytest.fixture
def running(home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command; whatever still runs at the end is ended by its own number."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *words], env=environment(home), cwd=ROOT, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"it ended without saying {words!r}")


def wait_for_files(home: Path, number: int) -> None:
    ends = time.monotonic() + 10
    while len(list(home.glob("outbox/sms/*.json"))) < number and time.monotonic() < ends:
        time.sleep(0.05)
    assert len(list(home.glob("outbox/sms/*.json"))) == number


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_sends_at_once_and_stops_when_told(home: Path, running, number) -> None:
    worker = running("worker")
    wait_for(worker, "Sending messages")
    play(home, "same_event")
    wait_for_files(home, 1)
    worker.send_signal(number)
    assert worker.wait(timeout=10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_workers_inside_sends_and_stops_with_them(home, running, number) -> None:
    server = running("serve", "--workers", "--port", str(free_port()))
    wait_for(server, "sent by this process")
    play(home, "same_event")
    wait_for_files(home, 1)
    told = time.monotonic()
    server.send_signal(number)
    server.wait(timeout=30)
    assert time.monotonic() - told < 15


def test_a_server_without_workers_says_so_and_sends_nothing(home: Path, running) -> None:
    server = running("serve", "--no-workers", "--port", str(free_port()))
    wait_for(server, "palveluverkko worker")
    play(home, "same_event")
    time.sleep(3)
    assert not list(home.glob("outbox/sms/*.json"))


def test_tick_does_what_is_due_once(home: Path) -> None:
    play(home, "same_event")
    told = [
        json.loads(
            subprocess.run(
                [*COMMAND, "tick", "--format", "json"],
                env=environment(home),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )["messages"]
        for _ in range(2)
    ]
    assert told == [1, 0]


def test_wrong_settings_stop_a_worker_before_it_begins(home: Path) -> None:
    env = {**environment(home), "MESSAGES_SMS": "pigeon"}
    refused = subprocess.run(
        [*COMMAND, "worker"], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "MESSAGES_SMS is 'pigeon'; it can be one of: file, http." in refused.stderr
