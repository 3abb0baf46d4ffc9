"""How long contacts waited until somebody answered, worked out by the database.

A day has a hundred thousand contacts, and the wallboard looks every few seconds: each would cost
Python two moments to read and a difference to make.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import F, FloatField, Func, IntegerField, QuerySet


class Waited(NamedTuple):
    """``hour``: in which it came, counted from 1970; ``seconds``: to the millisecond."""

    channel: str
    language: str
    hour: int
    seconds: float


class Seconds(Func):
    """From the first moment to the second."""

    output_field = FloatField()
    template = "ROUND(CAST(EXTRACT(EPOCH FROM %(expressions)s) AS numeric), 3)::float8"
    arg_joiner = " - "

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(end), F(start))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        days = "ROUND((julianday(%(expressions)s)) * 86400.0, 3)"
        joiner = ") - julianday("
        return self.as_sql(compiler, connection, template=days, arg_joiner=joiner, **more)


class Hour(Func):
    output_field = IntegerField()
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 3600) AS integer)"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        hour = "CAST(strftime('%%%%s', %(expressions)s) AS integer) / 3600"
        return self.as_sql(compiler, connection, template=hour, **more)


def waited(answered: QuerySet[Any]) -> list[Waited]:
    """Of each of these answered contacts."""
    rows = answered.order_by().values_list(
        "channel", "language", Hour(F("came_at")), Seconds("came_at", "answered_at")
    )
    return [Waited(*row) for row in rows]
