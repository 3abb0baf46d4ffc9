"""The alike rows that one is compared with, and why others are not among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from palveluverkko.caseflow.followup.changes import Changes, Flags
from palveluverkko.caseflow.followup.matching import Alike, Features
from palveluverkko.caseflow.followup.model import FollowUpRule, Matched
from palveluverkko.caseflow.followup.placebo import Difference, difference
from palveluverkko.snapshot.values import Unknown


def compare(changes: Changes, target: int, alike: Alike) -> Difference:
    """The target row's change against those of the alike rows."""
    pool = alike.order
    return difference(
        float(changes.change[target]),
        float(changes.variance[target]),
        changes.change[pool],
        changes.variance[pool],
    )


def too_few(alike: Alike, rule: FollowUpRule) -> Unknown | None:
    """Why there are not enough alike rows, or ``None``."""
    found = len(alike.order)
    if found >= rule.least_areas:
        return None
    return Unknown("follow_up.too_few_areas", {"areas": found, "needed": rule.least_areas})


def matched(codes: Sequence[str], alike: Alike, found: Difference) -> tuple[Matched, ...]:
    """The areas compared with, the most alike first."""
    rows = zip(alike.order.tolist(), found.weights.tolist(), alike.distance.tolist(), strict=True)
    return tuple(Matched(codes[row], weight, distance) for row, weight, distance in rows)


def left_out(
    codes: Sequence[str], target: int, touched: Flags, candidates: Flags, alike: Alike
) -> dict[str, str]:
    """Why a row is not compared with: ``touched``, ``data_missing``, ``not_alike``, ``not_needed``
    (alike, but others are more so).
    """
    reasons = np.full(len(codes), "data_missing", dtype=object)
    reasons[candidates] = "not_needed"
    reasons[alike.unknown] = "data_missing"
    reasons[alike.far] = "not_alike"
    reasons[touched] = "touched"
    compared = {target, *alike.order.tolist()}
    return {code: str(reasons[i]) for i, code in enumerate(codes) if i not in compared}


def names_used(compared: Features, target: int) -> tuple[str, ...]:
    """What the target was matched by: features that it lacks itself were not compared."""
    known = ~np.isnan(compared.values[target])
    return tuple(name for name, use in zip(compared.names, known, strict=True) if use)
