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
class Asked:
    """Whom a need class may turn to; need classes that ask the same get the same cover.

    ``remote``: channels that exist and may complete it. ``unrecorded``: another one might, but the
    register does not hold it.
    """

    neighbours: Nearest
    rooms: Nearest
    remote: frozenset[ChannelKind]
    unrecorded: bool

    @classmethod
    def by(
        cls,
        service: str,
        point: int,
        rules: SubstitutionRules,
        standins: StandIns,
        channels: frozenset[str],
    ) -> Asked:
        """Whom the customers of a point may ask; ``channels``: codes of the remote ones we have."""
        able = {channel for channel in REMOTE if _may(rules, channel, service)}
        return cls(
            neighbours=standins.neighbours[point, service],
            rooms=standins.rooms[service],
            remote=frozenset(able & channels),
            unrecorded=bool(able - channels),
        )

    @property
    def key(self) -> tuple[int, int, frozenset[ChannelKind], bool]:
        return id(self.neighbours), id(self.rooms), self.remote, self.unrecorded


@dataclass(frozen=True, slots=True)
class Cover:
    """Channels per area of a point: ``usable[channel]``, and for places ``near``.

    ``covered``: areas with at least one channel; ``covered_share`` and ``by_channel`` are shares of
    the point's residents.
    """

    who: Residents
    part: Floats
    usable: Mapping[ChannelKind, Mask]
    near: Mapping[ChannelKind, tuple[Sites, Ints, Floats]]
    unrecorded: bool
    covered: Mask
    covered_share: float
    by_channel: Mapping[str, float]

    @classmethod
    def of(cls, asked: Asked, who: Residents, minutes: float) -> Cover:
        """Who is reached how: places within ``minutes`` of the area, remote channels by all."""
        near: dict[ChannelKind, tuple[Sites, Ints, Floats]] = {
            "neighbour": (asked.neighbours.sites, *asked.neighbours.at(who.areas, who.point)),
            "video_room": (asked.rooms.sites, *asked.rooms.at(who.areas, who.point)),
        }
        usable: dict[ChannelKind, Mask] = {
            channel: times.min(axis=1, initial=np.inf) <= minutes
            for channel, (_, _, times) in near.items()
        }
        for channel in REMOTE:
            usable[channel] = np.full(len(who.areas), channel in asked.remote)
        part = who.part
        covered: Mask = np.any(list(usable.values()), axis=0)
        return cls(
            who=who,
            part=part,
            usable=usable,
            near=near,
            unrecorded=asked.unrecorded,
            covered=covered,
            covered_share=_share(part, covered),
            by_channel={c: _share(part, usable[c]) for c in CHANNELS},
        )

    def need(self, service: str, minimum_share: float, visits: float | None) -> NeedCover:
        """The answer on one need class, of which the point has ``visits`` a week."""
        met: bool | None = self.covered_share >= minimum_share - 1e-12
        why = None
        if not met and self.unrecorded:
            met, why = None, Unknown("access.channel_unknown", {"service": service})
        return NeedCover(
            service=service,
            visits_per_week=visits,
            covered_share=self.covered_share,
            by_channel=self.by_channel,
            met=met,
            why=why,
        )

    def send(self, weight: float, shift: Mapping[str, float], flow: Flow) -> None:
        """Add ``weight`` of the point's visits to its ``flow``, by area to the nearest place."""
        visits = weight * self.part
        for channel, share in split(shift, self.usable).items():
            if channel in self.near:
                flow.to_points(channel, *self.near[channel], visits * share, self.who.point)
            else:
                flow.to_remote(channel, float((visits * share).sum()))
        flow.unmet += float(visits[~self.covered].sum())


def _share(part: Floats, mask: Mask) -> float:
    return min(1.0, float(part[mask].sum()))


def _may(rules: SubstitutionRules, channel: ChannelKind, service: str) -> bool:
    """Whether a remote channel may complete the need class; online only if its share has a source.

    Otherwise the web would meet needs without anybody ever being sent there.
    """
    if service not in rules.meets.get(channel, frozenset()):
        return False
    return channel != "online" or bool(rules.online_source)
