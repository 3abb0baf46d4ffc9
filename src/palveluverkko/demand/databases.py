"""What the two databases say differently."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func


class IsoMonday(Func):
    """The Monday of a date's ISO week, as text ``YYYY-MM-DD``.

    Django's ``TruncWeek`` calls back into Python for every row on SQLite: ten times slower.
    """

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "date(%(expressions)s, 'weekday 0', '-6 days')"
        return self.as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "to_char(date_trunc('week', %(expressions)s), 'YYYY-MM-DD')"
        return self.as_sql(compiler, connection, template=template, **extra)
