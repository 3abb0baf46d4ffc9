"""On SQLite those who change bookings stand in line: in order, over processes, kills included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from palveluverkko.booking.locks import changing, in_line

HOLD = """
import sys, time
from pathlib import Path
import palveluverkko.cli.django_setup
from palveluverkko.booking.locks import in_line
with in_line(Path(sys.argv[1])):
    print("mine", flush=True)
    time.sleep(60)
"""


def test_those_who_wait_are_served_in_the_order_of_their_coming(tmp_path: Path) -> None:
    line, served = tmp_path / "line", []

    def stand(number: int) -> None:
        with in_line(line):
            served.append(number)

    with in_line(line):
        waiting = []
        for number in range(8):
            waiting.append(threading.Thread(target=stand, args=(number,)))
            waiting[-1].start()
            time.sleep(0.05)  # until it stands in line
        assert served == []
    for thread in waiting:
        thread.join(10)
    assert served == list(range(8))


def test_the_line_goes_on_when_another_process_is_killed_at_its_head(tmp_path: Path) -> None:
    line = tmp_path / "line"
    command = [sys.executable, "-c", HOLD, str(line)]
    env = os.environ | {"PALVELUVERKKO_HOME": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        mine = threading.Event()

        def stand() -> None:
            with in_line(line):
                mine.set()

        waiting = threading.Thread(target=stand, daemon=True)
        waiting.start()
        assert not mine.wait(0.2)
        holder.send_signal(signal.SIGKILL)
        assert mine.wait(10)


@pytest.mark.django_db
def test_who_changes_something_already_does_not_wait_for_themselves() -> None:
    with changing(), changing():
        pass
