"""Whether people were lost: contacts of an area's residents against those of alike areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np

from palveluverkko.caseflow.followup import pool
from palveluverkko.caseflow.followup.changes import Changes, Flags, Windows, count_changes
from palveluverkko.caseflow.followup.matching import Alike, features, most_alike
from palveluverkko.caseflow.followup.model import (
    Area,
    Change,
    Compared,
    Floats,
    FollowUp,
    FollowUpRule,
    Look,
    Verdict,
)
from palveluverkko.caseflow.followup.placebo import Difference
from palveluverkko.caseflow.followup.windows import (
    enough_weeks,
    weeks_known_before,
    weeks_missing,
    windows,
)
from palveluverkko.snapshot.values import Unknown

_PER = 1000.0


def follow_up(
    first_monday: date, areas: Sequence[Area], change: Change, look: Look, rule: FollowUpRule
) -> FollowUp:
    """Whether contacts of the residents of ``change.area`` fell against alike areas.

    The weeks after are whole ISO weeks from the first Monday on or after the effective day; the
    weeks before are the same weeks of up to ``rule.years`` years earlier, without those from the
    announcement on. Interval and verdict: docs/methods/follow-up.md.

    Raises ``ValueError`` where the area is not among ``areas`` or the series differ in length.
    """
    table = _Table(areas, change.area)
    spans = windows(first_monday, table.weeks, change, look, rule)
    if isinstance(spans, Unknown):
        return _unknown(look, spans)
    if np.isnan(table.residents[table.target]):
        return _unknown(look, Unknown("follow_up.residents_not_known"))
    changes = table.changes(table.total, spans)
    why = _too_thin(changes, table.target, spans, rule)
    if why is not None:
        return _unknown(look, why)
    known = weeks_known_before(first_monday, change)
    compared = features(table.total[:, :known], table.residents, table.density)
    candidates = _enough(changes, spans, rule) & ~table.touched & ~np.isnan(table.residents)
    candidates[table.target] = False
    alike = most_alike(compared, table.target, candidates, rule.pool, rule.limit)
    result = replace(
        _unknown(look, pool.too_few(alike, rule)),
        left_out=pool.left_out(table.codes, table.target, table.touched, candidates, alike),
        features=pool.names_used(compared, table.target),
        assumed=table.assumed(alike),
    )
    return result if result.why else _answered(result, table, changes, spans, alike, rule)


def _unknown(look: Look, why: Unknown | None) -> FollowUp:
    return FollowUp(look, Verdict.UNKNOWN, why or Unknown("follow_up.not_compared"), why=why)


def _answered(
    result: FollowUp,
    table: _Table,
    changes: Changes,
    spans: Windows,
    alike: Alike,
    rule: FollowUpRule,
) -> FollowUp:
    """The result with its figures, the verdict by the total over the channels."""
    found = pool.compare(changes, table.target, alike)
    total = table.compared(table.total, changes, found, spans, result.look)
    channels = {
        name: _channel(table, counts, spans, alike, result.look, rule)
        for name, counts in table.channels.items()
    }
    verdict, why = _verdict(total, rule)
    matched = pool.matched(table.codes, alike, found)
    return replace(
        result, verdict=verdict, total=total, channels=channels, matched=matched, why=why
    )


def _verdict(total: Compared, rule: FollowUpRule) -> tuple[Verdict, Unknown | None]:
    if total.high < 0:
        return Verdict.LOSS_FOUND, None
    if total.low > -rule.concern:
        return Verdict.NO_LOSS_FOUND, None
    return Verdict.UNKNOWN, Unknown("follow_up.too_wide", {"low": total.low, "high": total.high})


def _channel(
    table: _Table, counts: Floats, spans: Windows, alike: Alike, look: Look, rule: FollowUpRule
) -> Compared | Unknown:
    """One channel against the same channel of the same alike areas, where they have the data."""
    changes = table.changes(counts, spans)
    why = _too_thin(changes, table.target, spans, rule)
    if why is not None:
        return why
    fit = _enough(changes, spans, rule)[alike.order]
    fewer = replace(alike, order=alike.order[fit], distance=alike.distance[fit])
    few = pool.too_few(fewer, rule)
    if few is not None:
        return few
    return table.compared(counts, changes, pool.compare(changes, table.target, fewer), spans, look)


def _enough(changes: Changes, spans: Windows, rule: FollowUpRule) -> Flags:
    """Rows with enough weeks and contacts; of those after, as many as those before foretell."""
    per_week = changes.before / np.maximum(1.0, changes.share_before * spans.before.sum())
    foretold = per_week * spans.after.sum()
    contacts = np.minimum(changes.before, foretold)
    enough = enough_weeks(changes, rule) & np.isfinite(changes.change)
    return np.asarray(enough & (contacts >= rule.least_contacts))


def _too_thin(changes: Changes, row: int, spans: Windows, rule: FollowUpRule) -> Unknown | None:
    missing = weeks_missing(changes, row, rule)
    if missing is not None:
        return missing
    if _enough(changes, spans, rule)[row]:
        return None
    detail = {"before": float(changes.before[row]), "needed": rule.least_contacts}
    return Unknown("follow_up.too_few_contacts", detail)


@dataclass(frozen=True)
class _Table:
    """The areas as arrays: areas in rows, weeks in columns."""

    areas: Sequence[Area]
    code: str

    def __post_init__(self) -> None:
        if self.code not in self.codes:
            raise ValueError(f"No area {self.code}")
        lengths = {len(series) for area in self.areas for series in area.contacts.values()}
        if len(lengths) != 1:
            raise ValueError(f"Series of different lengths, or none: {sorted(lengths)}")

    @cached_property
    def codes(self) -> list[str]:
        return [area.code for area in self.areas]

    @cached_property
    def target(self) -> int:
        return self.codes.index(self.code)

    @cached_property
    def weeks(self) -> int:
        return len(next(iter(self.areas[self.target].contacts.values())))

    @cached_property
    def channels(self) -> dict[str, Floats]:
        """Counts by channel, over the target's channels; NaN where an area has no such series."""
        nothing = np.full(self.weeks, np.nan)
        return {
            name: np.array([a.contacts.get(name, nothing) for a in self.areas], dtype=np.float64)
            for name in self.areas[self.target].contacts
        }

    @cached_property
    def total(self) -> Floats:
        """All channels together; a week of which one channel is not known is not known."""
        total: Floats = np.array(list(self.channels.values())).sum(axis=0)
        return total

    @cached_property
    def residents(self) -> Floats:
        return np.array([area.residents or np.nan for area in self.areas])

    @cached_property
    def residents_after(self) -> Floats:
        pairs = [(area.residents_after, area.residents) for area in self.areas]
        return np.array([after or before or np.nan for after, before in pairs])

    @cached_property
    def density(self) -> Floats:
        return np.array([area.density or np.nan for area in self.areas])

    @cached_property
    def touched(self) -> Flags:
        return np.array([area.touched for area in self.areas])

    def assumed(self, alike: Alike) -> tuple[str, ...]:
        used = [self.areas[row] for row in (self.target, *alike.order)]
        fixed = any(area.residents_after is None for area in used)
        return ("residents_unchanged",) if fixed else ()

    def changes(self, counts: Floats, spans: Windows) -> Changes:
        """Of every area; those whose residents are not known count for nothing in any of it."""
        known = np.where(np.isnan(self.residents)[:, None], np.nan, counts)
        before, after = (np.nan_to_num(r, nan=1.0) for r in (self.residents, self.residents_after))
        return count_changes(known, before, after, spans)

    def compared(
        self, counts: Floats, changes: Changes, found: Difference, spans: Windows, look: Look
    ) -> Compared:
        row, level = self.target, 1 - 2 * look.false_rate
        low, high = found.interval(level)
        sides = ((spans.before, self.residents[row]), (spans.after, self.residents_after[row]))
        before, after = (float(_PER * np.nanmean(counts[row, w]) / r) for w, r in sides)
        return Compared(
            before=before,
            after=after,
            expected=after * float(np.exp(-found.value)),
            effect=float(np.expm1(found.value)),
            low=float(np.expm1(low)),
            high=float(np.expm1(high)),
            level=level,
            spread=found.spread,
            rank=found.low_rank,
        )
