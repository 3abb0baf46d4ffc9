"""Where the displaced visits go, and whether those who receive them have room for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from palveluverkko.access.model import ChannelKind, Receiver
from palveluverkko.access.nearest import Sites, tied
from palveluverkko.access.travel import Floats, Ints
from palveluverkko.measuring.model import PointDemand
from palveluverkko.snapshot.model import RemoteChannel, Snapshot
from palveluverkko.snapshot.values import Estimate, Unknown

Key = tuple[ChannelKind, str]
Verdict = Literal["fits", "over_capacity", "unknown"]
CHANNELS: tuple[ChannelKind, ...] = ("neighbour", "video_room", "phone", "video", "online")


@dataclass(slots=True)
class Flow:
    """Shares of one point's visits by receiver; with ``unmet`` they add up to 1.

    ``points[(channel, index)]``: share and share × minutes; ``remote[channel]``: share.
    """

    points: dict[tuple[ChannelKind, int], tuple[float, float]] = field(default_factory=dict)
    remote: dict[ChannelKind, float] = field(default_factory=dict)
    unmet: float = 0.0

    def to_remote(self, channel: ChannelKind, share: float) -> None:
        self.remote[channel] = self.remote.get(channel, 0.0) + share

    def to_points(
        self,
        channel: ChannelKind,
        sites: Sites,
        near: Ints,
        minutes: Floats,
        share: Floats,
        without: int,
    ) -> None:
        """Send each area's ``share`` to its nearest site, ties evenly to their points.

        ``near`` and ``minutes``: ``(areas, k)`` with ``inf`` where a site may not be used.
        """
        tie = tied(minutes) & (share > 0)[:, None]
        row, column = np.nonzero(tie)
        site = near[row, column]
        # The point that ends is no member any more of the place that it shared with others.
        size = sites.sizes[site] - (site == sites.site_of[without])
        total = np.bincount(row, weights=size, minlength=len(share))
        each = share[row] / total[row]  # what one member of the site gets
        used, inverse = np.unique(site, return_inverse=True)
        shares = np.bincount(inverse, weights=each, minlength=len(used))
        times = np.bincount(inverse, weights=each * minutes[row, column], minlength=len(used))
        for s, got, time in zip(used, shares, times, strict=True):
            for member in sites.members(int(s)):
                if member != without:
                    key = (channel, int(member))
                    before = self.points.get(key, (0.0, 0.0))
                    self.points[key] = (before[0] + float(got), before[1] + float(time))


def split(
    shift: Mapping[str, float], usable: Mapping[ChannelKind, NDArray[np.bool_]]
) -> dict[ChannelKind, Floats]:
    """Share of each area's visits per channel: ``shift`` rescaled over the channels usable there.

    Where only channels without a share are usable, they take equal parts: the visits of people
    who count as covered must land somewhere. Areas without any usable channel get zeros.
    """
    weights = {c: max(0.0, shift.get(c, 0.0)) * ok for c, ok in usable.items()}
    total = sum(weights.values(), start=np.zeros(()))
    ways = sum((ok.astype(np.float64) for ok in usable.values()), start=np.zeros(()))
    result: dict[ChannelKind, Floats] = {}
    for channel, ok in usable.items():
        by_shift = np.divide(weights[channel], total, out=np.zeros(len(ok)), where=total > 0)
        evenly = np.divide(ok, ways, out=np.zeros(len(ok)), where=(total <= 0) & (ways > 0))
        result[channel] = by_shift + evenly
    return result


def displaced_visits(demand: PointDemand) -> float | Unknown:
    """Visits a week that a point's end would displace: effective if known and finite, else let in.

    Unknown with the code of the measurement where there is neither.
    """
    for figure in (demand.effective, demand.observed):
        if isinstance(figure, Estimate) and isfinite(figure.value):
            return figure.value
    if isinstance(demand.observed, Unknown):
        return demand.observed
    return Unknown("access.demand_unknown")


def load_before(demand: PointDemand) -> float | None:
    """Visits a week that a receiving point has already; None if nothing tells."""
    visits = displaced_visits(demand)
    if not isinstance(visits, Unknown):
        return visits
    if demand.utilisation is None or demand.capacity_per_week is None:
        return None
    return demand.utilisation * demand.capacity_per_week


def verdict_of(before: float | None, extra: float, capacity: float | None, full: float) -> Verdict:
    """Whether ``before + extra`` stays within ``full`` × capacity; exactly full still fits."""
    if capacity is None:
        return "unknown"
    if (before or 0.0) + extra > full * capacity + 1e-9:
        return "over_capacity"  # also with an unknown load before: it is not below zero
    return "unknown" if before is None else "fits"


class Receivers:
    """Turns flows into receivers, with their load before and what the others send there."""

    def __init__(self, snapshot: Snapshot, demand: Sequence[PointDemand], full: float) -> None:
        self._snapshot = snapshot
        self._demand = demand
        self._full = full
        self._channels: dict[str, RemoteChannel] = {c.code: c for c in snapshot.channels}
        self._by_id = {p.id: i for i, p in enumerate(snapshot.points)}
        self._sent: dict[Key, float] | None = None
        self._unsure: dict[Key, int] = {}  # how many send an unknown number there

    def together(self, flows: Sequence[tuple[Flow, float | None]]) -> None:
        """From now on every verdict is about all these flows (with their visits) at once."""
        self._sent = {}
        for flow, visits in flows:
            for key, share, _ in self._entries(flow):
                if visits is None:
                    self._unsure[key] = self._unsure.get(key, 0) + 1
                else:
                    self._sent[key] = self._sent.get(key, 0.0) + share * visits

    def of(self, flow: Flow, visits: float | None) -> tuple[Receiver, ...]:
        """Receivers of one point's visits: by channel, then the largest share, then id."""
        found = [self._receiver(*entry, visits) for entry in self._entries(flow)]
        share = {key: s for key, s, _ in self._entries(flow)}
        order = {channel: i for i, channel in enumerate(CHANNELS)}
        return tuple(sorted(found, key=lambda r: (order[r.channel], -share[r.channel, r.id], r.id)))

    def _entries(self, flow: Flow) -> list[tuple[Key, float, float | None]]:
        """(channel and id, share, minutes) of everyone who gets a share."""
        entries: list[tuple[Key, float, float | None]] = []
        for (channel, point), (share, time) in flow.points.items():
            if share > 0:
                entries.append(((channel, self._snapshot.points[point].id), share, time / share))
        for remote, share in flow.remote.items():
            if share > 0:
                entries.append(((remote, remote), share, None))
        return entries

    def _receiver(
        self, key: Key, share: float, minutes: float | None, visits: float | None
    ) -> Receiver:
        channel, code = key
        name, before, capacity = self._known(channel, code)
        extra = None if visits is None else share * visits
        others: float | None = 0.0
        if self._sent is not None:
            others = max(0.0, self._sent.get(key, 0.0) - (extra or 0.0))
            if self._unsure.get(key, 0) > (extra is None):
                others = None
        total = (extra or 0.0) + (others or 0.0)
        verdict = verdict_of(before, total, capacity, self._full)
        if verdict == "fits" and (extra is None or others is None):
            verdict = "unknown"
        return Receiver(
            channel=channel,
            id=code,
            name=name,
            extra_visits=extra,
            load_before=before,
            capacity=capacity,
            minutes=minutes,
            verdict=verdict,
            others_extra=others,
        )

    def _known(self, channel: ChannelKind, code: str) -> tuple[str, float | None, float | None]:
        if channel in ("neighbour", "video_room"):
            index = self._by_id[code]
            demand = self._demand[index]
            point = self._snapshot.points[index]
            return point.name, load_before(demand), demand.capacity_per_week
        remote = self._channels.get(code)
        if remote is None:
            return code, None, None
        return code, remote.load_per_week, remote.capacity_per_week
