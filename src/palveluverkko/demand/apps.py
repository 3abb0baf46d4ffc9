"""Demand: what was counted, week by week, and what the monitor finds in it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemandConfig(AppConfig):
    name = "palveluverkko.demand"
    label = "demand"
    verbose_name = _("Demand")

    def ready(self) -> None:
        from palveluverkko.demand import jobs  # noqa: F401  (registers itself)
        from palveluverkko.demand.follow import follow_timetables
        from palveluverkko.network.timetable_changes import timetables_changed

        timetables_changed.connect(follow_timetables, dispatch_uid="demand.follow_timetables")
