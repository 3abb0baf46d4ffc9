"""Meeting: who may be in one conversation by video, and how they find each other."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingConfig(AppConfig):
    name = "palveluverkko.meeting"
    label = "meeting"
    verbose_name = _("Video meetings")

    def ready(self) -> None:
        # Jobs register themselves.
        from palveluverkko.meeting import following, jobs  # noqa: F401
        from palveluverkko.meeting.signalling import hub

        hub.connect()
        following.connect()
