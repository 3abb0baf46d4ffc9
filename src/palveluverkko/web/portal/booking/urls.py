"""The addresses of booking. Those that go into messages are written once, in ``booking.links``."""

from django.urls import URLPattern, path

from palveluverkko.booking.links import PAGES
from palveluverkko.web.portal.booking.views import (
    alternatives,
    fill,
    mine,
    move,
    series,
    start,
    take,
    video,
    waiting,
)

MINE = PAGES["booking"].path

urlpatterns: list[URLPattern] = [
    path("book/", start.start, name="book-start"),
    path("book/hold/", take.take, name="book-hold"),
    path("book/series/", series.series, name="book-series"),
    path("book/waiting/", waiting.join, name="waiting-join"),
    path("book/<str:token>/", fill.fill, name="book-form"),
    path(MINE, mine.booking, name="booking"),
    path(f"{MINE}booked/", mine.made, name="booking-made"),
    path(f"{MINE}cancel/", mine.cancel, name="booking-cancel"),
    path(f"{MINE}move/", move.move, name="booking-move"),
    path(f"{MINE}video/", video.video, name="booking-video"),
    path(f"{MINE}calendar.ics", mine.calendar, name="booking-calendar"),
    path(f"{MINE}letter.pdf", mine.letter, name="booking-letter"),
    path(f"{MINE}reminders/", mine.stop_reminders, name="booking-reminders"),
    path(PAGES["reminders-off"].path, mine.reminders_off, name="reminders-off"),
    path(PAGES["waiting-entry"].path, waiting.entry, name="waiting-entry"),
    path(PAGES["offer"].path, waiting.offer, name="offer"),
    path(PAGES["alternatives"].path, alternatives.alternatives, name="alternatives"),
]
