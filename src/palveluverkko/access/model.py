"""What access says: who reaches what, and who would meet the needs of a point that ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from palveluverkko.snapshot.values import Unknown

ChannelKind = Literal["neighbour", "video_room", "phone", "video", "online"]


@dataclass(frozen=True, slots=True)
class TravelModel:
    """Great-circle distance × ``detour``, driven at a speed that grows with distance.

    ``speeds``: pairs (road km up to, km/h), the last one open-ended: each stretch of the road is
    driven at its own speed, so that a longer way never takes less time. ``terminal_minutes`` is
    added for parking and walking. Sources of the defaults: docs/methods/access.md.
    """

    detour: float = 1.3
    speeds: tuple[tuple[float, float], ...] = ((5.0, 30.0), (20.0, 50.0), (float("inf"), 75.0))
    terminal_minutes: float = 5.0

    def road_km(self, straight_km: ArrayLike) -> NDArray[np.float64]:
        """Road km for great-circle km, of the same shape."""
        return np.asarray(straight_km, dtype=np.float64) * self.detour

    def minutes(self, straight_km: ArrayLike) -> NDArray[np.float64]:
        """Minutes by car for great-circle km, of the same shape; ``inf`` stays ``inf``."""
        road = self.road_km(straight_km)
        total = np.full(road.shape, self.terminal_minutes)
        lower = 0.0
        for upper, speed in self.speeds:
            total += np.clip(road - lower, 0.0, upper - lower) * (60.0 / speed)
            lower = upper
        return total


@dataclass(frozen=True, slots=True)
class SubstitutionRules:
    """How a policy lets other channels stand in for a point, and where its customers would go.

    ``meets[channel]``: need classes that the channel can complete. ``shift[channel]``: share of
    displaced visits that goes there when the channel can meet the need (rescaled over the channels
    that can). A share for ``online`` needs ``online_source``. ``minutes``: how far a neighbour
    point or a video room may be. ``same_weekdays``: the neighbour must be open on every weekday
    on which the point was. ``minimum_share``: the share of the point's residents that must have a
    substitute for the need class to count as met. ``full``: load ÷ capacity above which a receiver
    blocks.
    """

    minutes: float
    minimum_share: float
    same_weekdays: bool
    meets: Mapping[str, frozenset[str]]
    shift: Mapping[str, float]
    online_source: str | None = None
    full: float = 1.0
    travel: TravelModel = field(default_factory=TravelModel)
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedCover:
    """How one need class of a point's customers would be met.

    ``visits_per_week`` of this class at the point, None unknown; ``covered_share`` of the point's
    residents who have at least one substitute; ``by_channel``: share of residents each channel
    reaches (they overlap); ``met``: None when unknown, with ``why`` as reason code.
    """

    service: str
    visits_per_week: float | None
    covered_share: float
    by_channel: Mapping[str, float]
    met: bool | None
    why: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A point or channel that would take over visits. Figures per week; ``None`` is unknown.

    ``others_extra``: what the other points of a set that ends together would send here too; the
    verdict is about all of it.
    """

    channel: ChannelKind
    id: str
    name: str
    extra_visits: float | None
    load_before: float | None
    capacity: float | None
    minutes: float | None  # resident-weighted travel time to it; None for remote channels
    verdict: Literal["fits", "over_capacity", "unknown"]
    others_extra: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Journey:
    """Who would travel how far: residents by nearest personal service before and after.

    Quantiles are resident-weighted minutes (50th, 90th, longest), ``inf`` where nothing can be
    reached; ``histogram`` counts residents per band (upper minutes, before, after).
    """

    residents: float
    median_before: float
    median_after: float
    p90_before: float
    p90_after: float
    longest_after: float
    histogram: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Substitution:
    """Everything that is known about replacing one point.

    ``needs_met`` is True only when every need class is met and every receiver fits; None when it
    cannot be known, and then ``unknown`` says why. ``five_day_before``/``after``: share of the
    point's residents who reach personal service on every weekday within the rules' minutes; None
    without residents. ``unmet_visits``: visits a week of residents whom no channel serves, so that
    receivers' ``extra_visits`` and these add up to the displaced visits; None unknown.
    """

    point: str
    needs_met: bool | None
    needs: tuple[NeedCover, ...]
    receivers: tuple[Receiver, ...]
    residents: float
    five_day_before: float | None
    five_day_after: float | None
    journey: Journey | None
    unknown: Unknown | None = None
    unmet_visits: float | None = None


@dataclass(frozen=True, slots=True)
class CoverageArea:
    """A population area (or municipality) that a coverage criterion finds wanting.

    ``residents`` of the stratum asked for; ``share`` of the five weekdays reached where five-day
    access was asked, else 0; ``minutes`` and road ``km`` to the nearest point, ``inf`` if none.
    """

    id: str
    name: str
    municipality: str
    residents: float
    share: float
    minutes: float
    km: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of a stratum's residents within reach, for all and per municipality."""

    share: float | Unknown
    residents: float
    by_municipality: Mapping[str, float]
    uncovered: tuple[CoverageArea, ...]
