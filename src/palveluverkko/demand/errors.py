"""The errors of one file, gathered while it is read; the first thousand are kept."""

from __future__ import annotations

from palveluverkko.network.errors import ImportRejected, RowError

KEPT = 1000  # more would hide the pattern; the rest is counted


class ErrorList:
    """Collects :class:`RowError` for ``file`` and rejects the file at the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.errors: list[RowError] = []
        self.omitted = 0

    def __bool__(self) -> bool:
        return bool(self.errors)

    def add(self, row: int | None, column: str | None, value: object, rule: str) -> None:
        if len(self.errors) < KEPT:
            shown = "" if value is None else str(value)[:200]
            self.errors.append(RowError(self.file, row, column, shown, rule))
        else:
            self.omitted += 1

    def raise_if_any(self) -> None:
        if self.errors:
            ordered = sorted(self.errors, key=lambda e: e.row or 0)
            raise ImportRejected(ordered, self.omitted)
