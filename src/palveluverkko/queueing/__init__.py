"""Who is served next, and how long the others wait; pure values."""

from palveluverkko.queueing.durations import PRIOR, Duration, Prior, service_minutes
from palveluverkko.queueing.model import Adviser, Choice, Reason, Rules, Unserved, Waiting
from palveluverkko.queueing.order import cannot_be_served, fits, next_customer
from palveluverkko.queueing.wait import (
    Desk,
    Serving,
    Unknown,
    Wait,
    WhyUnknown,
    estimated_wait,
    estimated_waits,
)

__all__ = [
    "PRIOR",
    "Adviser",
    "Choice",
    "Desk",
    "Duration",
    "Prior",
    "Reason",
    "Rules",
    "Serving",
    "Unknown",
    "Unserved",
    "Wait",
    "Waiting",
    "WhyUnknown",
    "cannot_be_served",
    "estimated_wait",
    "estimated_waits",
    "fits",
    "next_customer",
    "service_minutes",
]
