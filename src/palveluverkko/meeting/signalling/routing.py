"""Where pages of meetings connect. No address holds a secret; the pass is in a cookie."""

from __future__ import annotations

from django.urls import path

from palveluverkko.meeting.signalling.page import MeetingPage

urlpatterns = [path("ws/meeting/", MeetingPage.as_asgi())]
