"""What the engine looks at: who works, where there is room, and what a service takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from palveluverkko.availability.masks import Mask, Window, cells_for

ANY = "*"


@dataclass(frozen=True, slots=True)
class Takes:
    """What one meeting takes, in cells; ``step_minutes`` is where the clock lets it begin.

    ``urgent``: it may use the time kept for urgent matters.
    """

    length: int
    before: int = 0
    after: int = 0
    step_minutes: int = 15
    urgent: bool = False

    @classmethod
    def of_minutes(
        cls, minutes: int, before: int = 0, after: int = 0, step: int = 15, urgent: bool = False
    ) -> Takes:
        return cls(cells_for(minutes), cells_for(before), cells_for(after), step, urgent)

    @property
    def whole(self) -> int:
        return self.before + self.length + self.after


@dataclass(frozen=True, slots=True)
class Worker:
    """One person's free cells in one kind of shift. ``desk``: the desk the shift is at, if any."""

    id: int
    free: Mask
    services: frozenset[str]
    languages: frozenset[str]
    urgent_only: bool = False
    desk: int | None = None

    def fits(self, service: str, language: str, urgent: bool) -> bool:
        """Competent, in that language, and not kept for other matters."""
        if service not in self.services or (self.urgent_only and not urgent):
            return False
        return language == ANY or language in self.languages


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet in one window: the engine's whole input.

    ``open``: cells in which a service is given, by service; ``desks`` and ``rooms``: free cells by
    id; ``needs_desk``: a worker without a desk of the shift takes any that is free. ``workers`` of
    one person may be several: shifts kept for urgent matters are apart from the ordinary ones.
    """

    window: Window
    zone: str
    open: Mapping[str, Mask]
    workers: tuple[Worker, ...] = ()
    desks: Mapping[int, Mask] = field(default_factory=dict)
    rooms: Mapping[int, Mask] = field(default_factory=dict)
    needs_desk: bool = False
    # Cells of local days on which no more may be booked, by service.
    full: Mapping[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who and what would be taken: person, and desk where one is needed."""

    worker: int
    desk: int | None
