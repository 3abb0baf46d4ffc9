"""What can go wrong with the register: files that are not taken in, changes that cannot be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


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
        place = ", ".join(where)
        return f"{place}: {self.value!r}: {self.rule}" if self.value else f"{place}: {self.rule}"


class ImportRejected(Exception):
    """The file has errors and nothing was changed. ``omitted`` counts errors beyond those kept."""

    def __init__(self, errors: Sequence[RowError], omitted: int = 0) -> None:
        self.errors = tuple(errors)
        self.omitted = omitted
        lines = [str(e) for e in self.errors]
        if omitted:
            lines.append(f"... and {omitted} more")
        super().__init__("\n".join(lines))


class RegisterError(Exception):
    """A change of the register that cannot be made; nothing was changed."""


class PointUnknown(RegisterError):
    """No point has ever had this id."""

    def __init__(self, point_id: str) -> None:
        self.point_id = point_id
        super().__init__(f"no point {point_id!r}")


class PointExists(RegisterError):
    """The id is taken, perhaps by a point that has ended: ids are never used again."""

    def __init__(self, point_id: str) -> None:
        self.point_id = point_id
        super().__init__(f"point {point_id!r} exists")


class EntryInvalid(RegisterError):
    """Field values break the register's rules; ``messages`` by field, in the reader's language."""

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        self.messages = {field: tuple(found) for field, found in messages.items()}
        super().__init__("; ".join(f"{f}: {' '.join(m)}" for f, m in self.messages.items()))


class EndsBeforeItBegins(RegisterError):
    """The last day asked for is before the first day."""

    def __init__(self, begins: date, last: date) -> None:
        self.begins, self.last = begins, last
        super().__init__(f"ends on {last} before it begins on {begins}")


class AlreadyEnded(RegisterError):
    """It ended earlier than asked for; ending later would bring it back to life."""

    def __init__(self, ended: date) -> None:
        self.ended = ended
        super().__init__(f"ended on {ended}")


class NotAJointPoint(RegisterError):
    """Only joint points have agreements with a host."""

    def __init__(self, point_id: str) -> None:
        self.point_id = point_id
        super().__init__(f"{point_id!r} is not a joint service point")


class AgreementOverlaps(RegisterError):
    """An agreement with the same host holds on some of the same days."""

    def __init__(self, agreement_id: int, host: str) -> None:
        self.agreement_id, self.host = agreement_id, host
        super().__init__(f"an agreement with {host!r} is in force on some of these days")


class AgreementUnknown(RegisterError):
    def __init__(self, agreement_id: int) -> None:
        self.agreement_id = agreement_id
        super().__init__(f"no agreement {agreement_id}")


class ExceptionOverlaps(RegisterError):
    """Another exception for the same service and mode holds on some of the same days."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        super().__init__(f"an exception from {first} to {last} covers some of these days")


class ExceptionUnknown(RegisterError):
    def __init__(self, exception_id: int) -> None:
        self.exception_id = exception_id
        super().__init__(f"no exception {exception_id}")
