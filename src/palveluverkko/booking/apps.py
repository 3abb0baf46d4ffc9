"""Booking: who can serve when, and what has been booked of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingConfig(AppConfig):
    name = "palveluverkko.booking"
    label = "booking"
    verbose_name = _("Appointments")
