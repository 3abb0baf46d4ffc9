"""What visitors typed goes with their sessions: those that are over are deleted every hour."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from palveluverkko.messages.jobs import periodic


@periodic(seconds=3_600)
def forget_old_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
