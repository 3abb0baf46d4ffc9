"""Walk-ins' house-keeping, hourly: midnight comes at different times to different points."""

from __future__ import annotations

from palveluverkko.booking.capacity import day_figures
from palveluverkko.messages.jobs import periodic
from palveluverkko.walkins.nights import close_past_days, report_finished_days


@periodic(seconds=3600)
def end_days() -> None:
    """See :func:`close_past_days` and :func:`report_finished_days`."""
    close_past_days()
    report_finished_days(figures=day_figures)
