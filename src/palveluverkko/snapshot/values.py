"""Values that carry their own uncertainty: an estimate, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval.

    ``low`` and ``high`` bound the figure at confidence ``level``; ``high`` is ``inf`` where the
    data give no upper bound (every week was at capacity). ``weeks_used`` is the number of weeks
    behind it, ``method`` names the estimator as documented in ``docs/methods/demand.md``.
    """

    value: float
    low: float
    high: float
    weeks_used: int
    method: str
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Unknown:
    """There is no figure, and ``code`` with ``detail`` says why. Unknown never passes a criterion.

    ``code`` is one of the documented reason codes (``demand.too_few_weeks``, ...), so that faces
    can say it in the reader's language.
    """

    code: str
    detail: Mapping[str, object] = field(default_factory=dict)


Figure = Estimate | Unknown
