"""The example network as plain records, the same from build to database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

import numpy as np
from numpy.typing import NDArray

from palveluverkko.example.facts import PostalArea, Town
from palveluverkko.snapshot.model import Mode, PointKind


@dataclass(frozen=True, slots=True)
class ServiceRecord:
    """A need class; its place in the list is its order on pages.

    ``about``: what belongs to it, in Finnish, Swedish and English. Example texts: they are ours.
    """

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    about: tuple[str, str, str]
    requires_official: bool = False


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A nationwide channel; capacity and load are contacts a week, None is unknown."""

    code: str
    name_fi: str
    name_sv: str
    name_en: str
    capacity_per_week: float | None
    load_per_week: float | None
    synthetic: bool
    source: str


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of time with the same weekly hours and way of serving; ends inclusive."""

    first: date | None
    last: date | None
    weekdays: tuple[int, ...]
    opens: time
    closes: time
    by_appointment_only: bool = False

    @property
    def minutes(self) -> int:
        """Open minutes of one open day."""
        return (self.closes.hour - self.opens.hour) * 60 + self.closes.minute - self.opens.minute


@dataclass(frozen=True, slots=True)
class OfferRecord:
    service: str
    mode: Mode
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class ExceptionRecord:
    """Days that differ. Without times the point is shut; without service it holds for all."""

    first: date
    last: date
    reason_fi: str
    reason_sv: str
    reason_en: str
    service: str | None = None
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True)
class AgreementRecord:
    host: str
    valid_from: date
    valid_until: date | None
    notice_days: int
    video_room: bool


@dataclass(frozen=True, slots=True)
class PointRecord:
    """A point with all that the register holds on it. ``synthetic`` names generated fields."""

    id: str
    kind: PointKind
    name_fi: str
    name_sv: str
    name_en: str
    municipality: str
    postal_code: str
    post_office: str
    lat: float
    lon: float
    languages: tuple[str, ...]
    eras: tuple[Era, ...]
    offers: tuple[OfferRecord, ...]
    exceptions: tuple[ExceptionRecord, ...]
    agreements: tuple[AgreementRecord, ...]
    synthetic: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """How much a point's generated demand is: an ordinary week's visits and slots.

    ``role`` names what the history shows (see docs/example-network.md); ``visits_per_week`` is
    what would come in an ordinary week of 2018, ``slots_per_day`` follows the point's weekdays.
    """

    point: str
    role: str
    visits_per_week: float
    slots_per_day: tuple[int, ...]  # by weekday, Monday first; 0 where shut
    service_shares: tuple[float, ...]  # in the order of the services


@dataclass(frozen=True, slots=True)
class Network:
    """The whole example network. ``points`` are sorted by id, ``profiles`` belong to them."""

    seed: int
    towns: tuple[Town, ...]
    areas: tuple[PostalArea, ...]
    services: tuple[ServiceRecord, ...]
    channels: tuple[ChannelRecord, ...]
    points: tuple[PointRecord, ...]
    profiles: dict[str, Profile]


@dataclass(frozen=True, slots=True)
class PointHistory:
    """A point's generated days, oldest first; only days that were open and reported.

    ``days`` datetime64[D] ``(N,)``; ``open_minutes``, ``slots``, ``booked`` int64 ``(N,)``;
    ``visits`` int64 ``(N, C)``, column ``c`` for the service and mode ``columns[c]``.
    """

    point: str
    days: NDArray[np.datetime64]
    open_minutes: NDArray[np.int64]
    slots: NDArray[np.int64]
    booked: NDArray[np.int64]
    columns: tuple[tuple[str, Mode], ...]
    visits: NDArray[np.int64]
