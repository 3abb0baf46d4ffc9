"""The register: points, their services, hours and agreements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "palveluverkko.network"
    label = "network"
    verbose_name = _("Service network")

    def ready(self) -> None:
        from palveluverkko.network import signals, timetable_changes

        signals.connect()
        timetable_changes.connect()
