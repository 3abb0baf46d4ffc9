"""Scenes with real threads, processes and kills, on a database of their own; run as a script.

``python -m tests.messages.processes SCENE`` plays one and prints what it saw as JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connection, connections, transaction
from django.utils import timezone

import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)
from palveluverkko.messages import delivery, promises
from palveluverkko.messages.adapters import files
from palveluverkko.messages.background import work
from palveluverkko.messages.models import Message, Promise, PromiseState, State
from palveluverkko.messages.promises import handles, promise
from palveluverkko.messages.services import queue_message

THREADS = 16
SHORT = timedelta(milliseconds=200)


@handles("offer")
def offer(ref: str) -> None:
    """Leaves a message with a name of its own each time it runs: running twice would show."""
    text(f"kept:{ref}:{uuid.uuid4().hex}")


def text(event: str) -> Message:
    return queue_message(
        event=event, channel="sms", address="+358401234567", language="fi", text="Hei ŋ"
    )


def same_event() -> dict[str, object]:
    """Sixteen threads queue the same event at the same time."""
    start, seen = threading.Barrier(THREADS), []

    def one() -> None:
        start.wait()
        with transaction.atomic():
            seen.append(text("booking:1:confirmed:sms").pk)
        connection.close()

    run_threads([one] * THREADS)
    return {"rows": Message.objects.count(), "answers": len(seen), "distinct": len(set(seen))}


def same_work() -> dict[str, object]:
    """Four processes keep the same promises and send the same messages at the same time."""
    now = timezone.now()
    for number in range(60):
        text(f"event:{number}")
        promise(kind="offer", ref=str(number), due_at=now, key=f"offer:{number}")
    begin = time.time() + 0.2

    def worker() -> None:
        time.sleep(begin - time.time())
        for _ in range(6):
            work()

    for child in [fork(worker) for _ in range(4)]:
        os.waitpid(child, 0)
    return outcome() | {"kills": 0}


def kills() -> dict[str, object]:
    """Workers killed at random moments, until all is done; leases and waits cut short for it."""
    delivery.LEASE = SHORT
    promises.wait_after = lambda attempts: SHORT  # type: ignore[assignment]
    link = files._link

    def slow_link(aside: Path, final: Path) -> None:
        time.sleep(0.002)
        link(aside, final)
        time.sleep(0.002)  # a kill here leaves a message that went out and is not marked

    files._link = slow_link
    wanted, chance = int(sys.argv[2]), random.Random(20260302)
    now, killed, number = timezone.now(), 0, 0
    while killed < wanted:
        for _ in range(3):  # by turns, so that kills hit the one as often as the other
            if killed % 2:
                text(f"event:{number}")
            else:
                promise(kind="offer", ref=str(number), due_at=now, key=f"offer:{number}")
            number += 1
        ready, tell = os.pipe()
        child = fork(partial(work_on, tell))
        os.read(ready, 1)
        time.sleep(chance.uniform(0, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(tell)
        killed += 1
    ends = time.monotonic() + 60
    while unfinished() and time.monotonic() < ends:
        work()
        time.sleep(0.05)
    return outcome() | {"kills": killed, "queued": number}


def work_on(tell: int) -> None:
    connection.ensure_connection()
    os.write(tell, b"!")
    while True:
        work()


def unfinished() -> bool:
    waiting = Message.objects.filter(state__in=(State.QUEUED, State.SENDING)).exists()
    return waiting or Promise.objects.filter(state=PromiseState.DUE).exists()


def outcome() -> dict[str, object]:
    rows = Message.objects.values_list("event", flat=True)
    delivered = Counter(
        json.loads(file.read_text(encoding="utf-8"))["event"]
        for file in (Path(settings.HOME) / "outbox" / "sms").iterdir()
    )
    runs = Counter(event.split(":")[1] for event in rows if event.startswith("kept:"))
    return {
        "promises": Promise.objects.count(),
        "kept": Promise.objects.filter(state=PromiseState.DONE).count(),
        "kept_twice": sum(n > 1 for n in runs.values()),
        "kept_without_message": Promise.objects.count() - len(runs),
        "states": dict(Counter(Message.objects.values_list("state", flat=True))),
        "events": len(rows),
        "messages_interrupted": Message.objects.filter(attempts__gt=1).count(),
        "promises_interrupted": Promise.objects.filter(attempts__gt=1).count(),
        "undelivered": len(set(rows) - set(delivered)),
        "delivered_twice": sum(n > 1 for n in delivered.values()),
    }


def fork(body: object) -> int:
    """A process of its own with connections of its own; returns its number."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        body()  # type: ignore[operator]
    finally:
        connections.close_all()
        os._exit(0)


def run_threads(bodies: list[object]) -> None:
    threads = [threading.Thread(target=body) for body in bodies]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    scenes = {"same_event": same_event, "same_work": same_work, "kills": kills}
    print(json.dumps(scenes[sys.argv[1]]()))
