"""Who reaches what, and who would meet the needs of a point that ended."""

from palveluverkko.access.catchment import Catchments, catchments
from palveluverkko.access.coverage import coverage, five_day_access
from palveluverkko.access.substitution import relying, substitute, together

__all__ = [
    "Catchments",
    "catchments",
    "coverage",
    "five_day_access",
    "relying",
    "substitute",
    "together",
]
