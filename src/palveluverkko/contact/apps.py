"""Contact: who wants to talk now or at a promised time, over phone, web call and video."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactConfig(AppConfig):
    name = "palveluverkko.contact"
    label = "contact"
    verbose_name = _("Remote contacts")

    def ready(self) -> None:
        # These register themselves.
        from palveluverkko.contact import (
            callback_follow,
            callback_jobs,  # noqa: F401
            callback_trail,
            jobs,  # noqa: F401
            notes,  # noqa: F401
        )
        from palveluverkko.contact.signalling import hub

        hub.connect()
        callback_follow.connect()
        callback_trail.start()
