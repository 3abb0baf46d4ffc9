"""The measurements that an assessment rests on unless others are put in."""

from __future__ import annotations

from palveluverkko.access import coverage, five_day_access, substitute, together
from palveluverkko.criteria.subjects import Tools
from palveluverkko.measuring import measure

TOOLS = Tools(
    measure=measure,
    substitute=substitute,
    together=together,
    coverage=coverage,
    five_day_access=five_day_access,
)
