"""Which channels meet one need class of a point's residents, and where they would take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palveluverkko.access.load import CHANNELS, Flow, split
from palveluverkko.access.model import ChannelKind, NeedCover, SubstitutionRules
from palveluverkko.access.nearest import Nearest, Sites
from palveluverkko.access.standins import StandIns
from palveluverkko.access.travel import Floats, Ints
from palveluverkko.snapshot.values import Unknown

Mask = NDArray[np.bool_]
REMOTE: tuple[ChannelKind, ...] = ("phone", "video", "online")


@dataclass(frozen=True, slots=True)
class Residents:
    """The residents of one point: its areas and how many people of each belong to it."""

    point: int
    areas: Ints
    people: Floats

    @property
    def total(self) -> float:
        return float(self.people.sum())

    @property
    def part(self) -> Floats:
        """Each area's part of the point's residents; adds up to 1."""
        result: Floats = self.people / self.people.sum()
        return result


@dataclass(frozen=True, slots=True)
class Cover:
    """Channels for one need class, per area: ``usable[channel]``, and ``near`` for places.

    ``unrecorded``: a channel might meet the need, but the register does not hold it.
    """

    service: str
    usable: Mapping[ChannelKind, Mask]
    near: Mapping[ChannelKind, tuple[Sites, Ints, Floats]]
    unrecorded: bool

    @classmethod
    def of(
        cls,
        service: str,
        who: Residents,
        rules: SubstitutionRules,
        standins: StandIns,
        channels: frozenset[str],
    ) -> Cover:
        """Ask every channel; ``channels`` are the codes of the remote ones that exist."""
        near: dict[ChannelKind, tuple[Sites, Ints, Floats]] = {
            "neighbour": _within(standins.neighbours[who.point, service], who, rules.minutes),
            "video_room": _within(standins.rooms[service], who, rules.minutes),
        }
        usable: dict[ChannelKind, Mask] = {
            channel: minutes.min(axis=1, initial=np.inf) <= rules.minutes
            for channel, (_, _, minutes) in near.items()
        }
        able = [channel for channel in REMOTE if _may(rules, channel, service)]
        for channel in REMOTE:
            usable[channel] = np.full(len(who.areas), channel in able and channel in channels)
        return cls(service, usable, near, any(channel not in channels for channel in able))

    @property
    def covered(self) -> Mask:
        """Areas whose residents have at least one channel."""
        result: Mask = np.any(list(self.usable.values()), axis=0)
        return result

    def need(self, who: Residents, minimum_share: float, visits: float | None) -> NeedCover:
        """The answer on this need class, of which the point has ``visits`` a week."""
        covered_share = _share(who.part, self.covered)
        met: bool | None = covered_share >= minimum_share - 1e-12
        why = None
        if not met and self.unrecorded:
            met, why = None, Unknown("access.channel_unknown", {"service": self.service})
        return NeedCover(
            service=self.service,
            visits_per_week=visits,
            covered_share=covered_share,
            by_channel={c: _share(who.part, self.usable[c]) for c in CHANNELS},
            met=met,
            why=why,
        )

    def send(self, who: Residents, weight: float, shift: Mapping[str, float], flow: Flow) -> None:
        """Add this need class, ``weight`` of the point's visits, to its ``flow``."""
        visits = weight * who.part
        for channel, share in split(shift, self.usable).items():
            if channel in self.near:
                flow.to_points(channel, *self.near[channel], visits * share, who.point)
            else:
                flow.to_remote(channel, float((visits * share).sum()))
        flow.unmet += float(visits[~self.covered].sum())


def _within(nearest: Nearest, who: Residents, limit: float) -> tuple[Sites, Ints, Floats]:
    site, minutes = nearest.at(who.areas, who.point)
    return nearest.sites, site, np.where(minutes <= limit, minutes, np.inf)


def _share(part: Floats, mask: Mask) -> float:
    return min(1.0, float(part[mask].sum()))


def _may(rules: SubstitutionRules, channel: ChannelKind, service: str) -> bool:
    """Whether a remote channel may complete the need class; online only if its share has a source.

    Otherwise the web would meet needs without anybody ever being sent there.
    """
    if service not in rules.meets.get(channel, frozenset()):
        return False
    return channel != "online" or bool(rules.online_source)
