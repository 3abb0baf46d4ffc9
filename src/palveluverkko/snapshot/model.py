"""The frozen input of every assessment, plan and simulation: plain records and arrays.

Rules see only a :class:`Snapshot`; no database object ever reaches them. Positions are WGS 84
degrees, weeks are ISO weeks named by their Monday, weekdays are 0 (Monday) to 6 (Sunday), times
of day are the point's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray


class PointKind(StrEnum):
    SERVICE_POINT = "service_point"
    JOINT_SERVICE_POINT = "joint_service_point"
    POP_UP_POINT = "pop_up_point"


class Mode(StrEnum):
    """The way a service is given at a point."""

    WALK_IN = "walk_in"
    APPOINTMENT = "appointment"
    VIDEO_ROOM = "video_room"


class WeekStatus(IntEnum):
    """What a week's count means. Only ``COMPLETE`` weeks enter an ordinary estimate."""

    COMPLETE = 0  # every day that was open has been reported
    HOLIDAY = 1  # a public holiday or a published exception took away regular opening time
    CLOSED = 2  # no regular opening day in the week (before opening, after closing, summer break)
    MISSING = 3  # at least one open day has no report: unknown, never zero


@dataclass(frozen=True, slots=True)
class Offer:
    """One service in one mode on the regular ``weekdays`` of the as-of date's timetable."""

    service: str
    mode: Mode
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A joint point's agreement. ``until`` is inclusive; ``None`` means until terminated."""

    host: str
    since: date
    until: date | None
    notice_days: int | None
    video_room: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A point in force on the as-of date.

    ``regular_weekdays`` come from the weekly timetable in force; ``open_weekdays`` are those of
    the ISO week of the as-of date after exceptions and holidays. ``synthetic`` lists the fields
    whose content is generated (for example ``opening_hours``, ``visits``). ``names`` by language
    (``fi``, ``sv``, ``en``) are for sentences and pages; ``name`` is the first of them.
    """

    id: str
    name: str
    kind: PointKind
    municipality: str
    lat: float
    lon: float
    regular_weekdays: tuple[int, ...]
    open_weekdays: tuple[int, ...]
    weekly_open_minutes: int
    offers: tuple[Offer, ...]
    languages: tuple[str, ...] = ()
    agreement: Agreement | None = None
    synthetic: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Municipality:
    code: str
    name_fi: str
    name_sv: str
    name_en: str
    language_status: str  # fi | sv | bilingual_fi | bilingual_sv | other
    urbanity: str  # urban | semi_urban | rural | unknown
    population: int | None


@dataclass(frozen=True, slots=True)
class Service:
    """A need class. ``requires_official``: only the agency's own official may complete it.

    ``names`` by language (``fi``, ``sv``, ``en``), for the sentences of reasons.
    """

    code: str
    requires_official: bool
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemoteChannel:
    """A nationwide channel (``phone``, ``video``, ``online``) with its weekly capacity and load.

    ``None`` is unknown: a receiver of unknown capacity never proves that needs are met.
    """

    code: str
    capacity_per_week: float | None
    load_per_week: float | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Areas:
    """Population areas, row by row. ``strata[name]`` counts the residents in that stratum.

    Shapes: every array is ``(A,)``; ``residents`` float64 (people), positions in degrees.
    Every snapshot's strata hold what is known; a stratum that is absent is unknown, not zero.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    municipalities: tuple[str, ...]
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    residents: NDArray[np.float64]
    strata: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class DemandWeeks:
    """Weekly counts of every point, oldest week first; row ``i`` belongs to ``points[i]``.

    Shapes: ``visits``, ``slots``, ``open_minutes`` int32 ``(P, W)``; ``status`` uint8 ``(P, W)``
    of :class:`WeekStatus`; ``service_visits`` int64 ``(P, S)``, the visits per service over the
    last ``mix_weeks`` weeks, columns as ``services``. ``slots`` and ``open_minutes`` are -1 where
    unknown; ``visits`` is 0 where the status is not complete or holiday, and means nothing there.
    """

    first_monday: date
    visits: NDArray[np.int32]
    slots: NDArray[np.int32]
    open_minutes: NDArray[np.int32]
    status: NDArray[np.uint8]
    services: tuple[str, ...]
    service_visits: NDArray[np.int64]
    mix_weeks: int = 52

    @property
    def mondays(self) -> tuple[date, ...]:
        return tuple(self.first_monday + timedelta(weeks=w) for w in range(self.visits.shape[1]))


@dataclass(frozen=True, slots=True)
class TravelTable:
    """Imported travel times, one row a pair; replaces the model for the pairs it holds.

    Arrays of shape ``(N,)``: indices into ``areas`` and ``points``, minutes (float32).
    ``complete`` says that a pair it lacks is unreachable, as in the tables that r5py writes;
    otherwise the model answers for the missing pairs.
    """

    area: NDArray[np.int32]
    point: NDArray[np.int32]
    minutes: NDArray[np.float32]
    source: str
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that an assessment may look at. ``points`` are sorted by id, ``areas`` too."""

    as_of: date
    agency: str
    points: tuple[Point, ...]
    areas: Areas
    municipalities: tuple[Municipality, ...]
    services: tuple[Service, ...]
    channels: tuple[RemoteChannel, ...]
    demand: DemandWeeks
    travel: TravelTable | None = None
