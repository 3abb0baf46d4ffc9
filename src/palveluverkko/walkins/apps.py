"""Walk-ins: tickets, queues and the calls to a desk."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WalkinsConfig(AppConfig):
    name = "palveluverkko.walkins"
    label = "walkins"
    verbose_name = _("Walk-ins")

    def ready(self) -> None:
        # Registers itself when it is imported.
        from palveluverkko.walkins import jobs, trail  # noqa: F401

        trail.start()
