"""Constraints that Django cannot say for both databases: nothing is taken twice at one time.

PostgreSQL has exclusion constraints (with ``btree_gist``, which a database's owner may create).
SQLite has none: there a trigger looks for an overlapping row and refuses. Writers take turns on
SQLite, so that nothing can come between the look and the insert. A guarded period is at most a day
long, so the look is short.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# table, column of what can be taken once, name
GUARDED = (
    ("booking_claim", "resource_id", "claim_no_overlap"),
    ("booking_shift", "person_id", "shift_no_overlap"),
    ("booking_shift", "desk_id", "shift_desk_no_overlap"),
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guards in place; those that are there stay as they are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for table, column, name in GUARDED:
            statements = _postgresql if connection.vendor == "postgresql" else _sqlite
            for statement in statements(table, column, name):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table, _column, name in GUARDED:
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}_day")
            else:
                for event in ("insert", "update"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{event}")


def reinstall(sender: Any, using: str, **_signal: Any) -> None:
    """After every migration: SQLite drops a table's triggers when Django rebuilds the table."""
    from django.db import connections

    connection = connections[using]
    if {table for table, _c, _n in GUARDED} <= set(connection.introspection.table_names()):
        install(connection)


def _postgresql(table: str, column: str, name: str) -> list[str]:
    def unless_there(constraint: str, definition: str) -> str:
        return (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{constraint}'"
            f" AND conrelid = '{table}'::regclass) THEN ALTER TABLE {table} ADD CONSTRAINT"
            f" {constraint} {definition}; END IF; END $$"
        )

    return [
        unless_there(
            name, f'EXCLUDE USING gist ({column} WITH =, tstzrange("start", "end") WITH &&)'
        ),
        unless_there(f"{name}_day", 'CHECK ("end" <= "start" + interval \'1 day\')'),
    ]


def _sqlite(table: str, column: str, name: str) -> list[str]:
    return [
        f"""CREATE TRIGGER IF NOT EXISTS {name}_{event}
            BEFORE {event.upper()} ON {table}
            WHEN NEW."end" > datetime(NEW."start", '+1 day') OR EXISTS (
                SELECT 1 FROM {table} AS other
                WHERE other.{column} = NEW.{column} AND other.id IS NOT NEW.id
                AND other."start" < NEW."end" AND other."start" > datetime(NEW."start", '-1 day')
                AND other."end" > NEW."start")
            BEGIN SELECT RAISE(ABORT, '{name}'); END"""
        for event in ("insert", "update")
    ]
