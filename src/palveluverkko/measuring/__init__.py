"""Demand of a point: let in, would come, capacity, trend and change, from weekly counts."""

from palveluverkko.measuring.censored import CAPPED
from palveluverkko.measuring.measure import measure, usable_weeks
from palveluverkko.measuring.model import Change, PointDemand, WeekTally, Window
from palveluverkko.measuring.monitor import ChangeState, new_state, update
from palveluverkko.measuring.trend import seasonal_profile

__all__ = [
    "CAPPED",
    "Change",
    "ChangeState",
    "PointDemand",
    "WeekTally",
    "Window",
    "measure",
    "new_state",
    "seasonal_profile",
    "update",
    "usable_weeks",
]
