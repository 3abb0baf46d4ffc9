"""Booking: who can serve when, and what has been booked of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    name = "palveluverkko.booking"
    label = "booking"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from palveluverkko.booking import guards, signals, upkeep  # noqa: F401  (registers its jobs)

        post_migrate.connect(guards.reinstall, sender=self, dispatch_uid="booking.guards")
        signals.connect()
