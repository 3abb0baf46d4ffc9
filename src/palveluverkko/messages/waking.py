"""The queue that wakes a worker at once after a commit; losing it loses nothing.

What has to be done stands in our own tables; the queue (huey) only says "look now". With SQLite
it is a file of its own beside the database, with PostgreSQL it is tables with notification.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.db import close_old_connections, connection, transaction
from huey import Huey, PostgresHuey, SqliteHuey
from huey.api import TaskWrapper

QUEUE = "palveluverkko"


def wake_after_commit() -> None:
    """Have a worker look at the outbox as soon as this transaction is committed."""
    # robust: the change is made by then, and the ticker looks every few seconds anyway.
    transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    if connection.vendor == "sqlite" and _is_in_memory():
        return  # no other thread could see the rows
    # A request that still waits will see our rows as well.
    if not queue().pending_count():
        look_task()()


def _is_in_memory() -> bool:
    name = str(connection.settings_dict["NAME"])
    return ":memory:" in name or "mode=memory" in name


@cache
def queue() -> Huey:
    """The process's queue, opened at the first use."""
    if connection.vendor == "sqlite":
        beside = Path(connection.settings_dict["NAME"]).with_name("queue.sqlite3")
        # Not flushed to the disk: after a power cut the tables say what there is to do.
        return SqliteHuey(QUEUE, filename=str(beside), results=False, fsync=False)
    try:
        return PostgresHuey(QUEUE, results=False, connection=_connect)
    except psycopg.errors.UniqueViolation:
        # "create table if not exists" fails when two processes make the tables in one moment.
        return PostgresHuey(QUEUE, results=False, connection=_connect)


def close_queue() -> None:
    """Hang up, if it was ever opened; the next use opens it again."""
    if queue.cache_info().currsize:
        queue().storage.close()


def _connect() -> Any:
    named = ("host", "port", "user", "password", "dbname", "sslmode", "service", "sslrootcert")
    params = connection.get_connection_params()
    return psycopg.connect(**{name: params[name] for name in named if name in params})


def _forget_queue() -> None:
    """A connection belongs to the process that opened it; a forked server opens its own."""
    queue.cache_clear()
    look_task.cache_clear()


@cache
def look_task() -> TaskWrapper:
    """The only task there is: keep what is due and send what waits."""
    return queue().task(name="look")(_look)


def _look() -> None:
    from palveluverkko.messages.background import work  # it imports this module

    close_old_connections()
    try:
        work()
    finally:
        close_old_connections()


os.register_at_fork(after_in_child=_forget_queue)
