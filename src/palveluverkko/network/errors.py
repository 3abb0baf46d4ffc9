"""Errors of imports: all of a file's at once, each naming file, row, column, value and rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowError:
    """One broken rule. ``row`` is the line in the file as an editor shows it (1-based)."""

    file: str
    row: int | None
    column: str | None
    value: str
    rule: str

    def __str__(self) -> str:
        where = [self.file]
        if self.row is not None:
            where.append(f"row {self.row}")
        if self.column is not None:
            where.append(f"column {self.column}")
        return f"{', '.join(where)}: {self.value!r}: {self.rule}"


class ImportRejected(Exception):
    """The file has errors and nothing was changed. ``omitted`` counts errors beyond those kept."""

    def __init__(self, errors: Sequence[RowError], omitted: int = 0) -> None:
        self.errors = tuple(errors)
        self.omitted = omitted
        lines = [str(e) for e in self.errors]
        if omitted:
            lines.append(f"... and {omitted} more")
        super().__init__("\n".join(lines))
