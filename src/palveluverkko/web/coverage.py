"""Who reaches a point now: by municipality and by kind of municipality, for the access page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from palveluverkko.access import coverage, five_day_access
from palveluverkko.access.model import Coverage, TravelModel
from palveluverkko.criteria import Policy
from palveluverkko.decisions.snapshots import build_snapshot
from palveluverkko.network import revision
from palveluverkko.snapshot.model import PointKind, Snapshot
from palveluverkko.snapshot.values import Unknown

OWN = frozenset({PointKind.SERVICE_POINT, PointKind.POP_UP_POINT})
ANY = frozenset(PointKind)
DEFAULT_MINUTES = 60.0
URBANITIES = ("urban", "semi_urban", "rural")  # as access knows them, in reading order


@dataclass(frozen=True, slots=True)
class StratumReach:
    """A stratum's residents and the shares that reach an own point and any point; None unknown."""

    stratum: str
    residents: float
    own: float | None
    any: float | None


@dataclass(frozen=True, slots=True)
class MunicipalityReach:
    """Shares of a municipality's residents; ``five_day``: personal service on every weekday."""

    code: str
    own: float | None
    any: float | None
    five_day: float | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Access within ``minutes`` on a day; municipalities with the lowest five-day access first."""

    minutes: float
    strata: tuple[StratumReach, ...]
    municipalities: tuple[MunicipalityReach, ...]
    five_day: float | None


def reach_of(policy: Policy, as_of: date) -> Reach:
    """Access by the policy's own travel limit and travel model, else within an hour."""
    minutes = policy.substitution.minutes if policy.substitution else DEFAULT_MINUTES
    return _reach(as_of, minutes, policy.hash, revision.current(), _Travel(policy.travel))


class _Travel:
    """A travel model as part of a cache key: the policy's hash, beside it, already names it."""

    def __init__(self, model: TravelModel) -> None:
        self.model = model

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Travel)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _reach(as_of: date, minutes: float, _policy: str, _revision: int, travel: _Travel) -> Reach:
    snapshot = build_snapshot(as_of, weeks=1)

    def within(stratum: str, kinds: frozenset[PointKind]) -> Coverage:
        return coverage(
            snapshot, minutes=minutes, km=None, stratum=stratum, kinds=kinds, travel=travel.model
        )

    own, every = within("all", OWN), within("all", ANY)
    five_day = five_day_access(snapshot, minutes, travel.model)
    codes = sorted(every.by_municipality)
    lines = [
        MunicipalityReach(
            code,
            own.by_municipality.get(code),
            every.by_municipality[code],
            five_day.by_municipality.get(code),
        )
        for code in codes
    ]
    return Reach(
        minutes=minutes,
        strata=tuple(_stratum(s, within(s, OWN), within(s, ANY)) for s in _strata(snapshot)),
        municipalities=tuple(sorted(lines, key=lambda line: (line.five_day or 0.0, line.code))),
        five_day=_known(five_day.share),
    )


def _strata(snapshot: Snapshot) -> tuple[str, ...]:
    """Everybody, the counted strata, and the kinds of municipality."""
    return tuple(dict.fromkeys(("all", *URBANITIES, *sorted(snapshot.areas.strata))))


def _stratum(name: str, own: Coverage, every: Coverage) -> StratumReach:
    return StratumReach(name, every.residents, _known(own.share), _known(every.share))


def _known(share: float | Unknown) -> float | None:
    return None if isinstance(share, Unknown) else share
