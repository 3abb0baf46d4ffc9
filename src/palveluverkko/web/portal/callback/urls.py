"""Addresses of callback requests. That of messages is written once, in ``booking.links``."""

from django.urls import URLPattern, path

from palveluverkko.booking.links import PAGES
from palveluverkko.web.portal.callback import mine, views

MINE = PAGES["callback"].path

urlpatterns: list[URLPattern] = [
    path("call-me/", views.ask, name="callback-ask"),
    path(MINE, mine.callback, name="callback"),
    path(f"{MINE}asked/", mine.asked, name="callback-asked"),
    path(f"{MINE}change/", mine.change, name="callback-change"),
    path(f"{MINE}cancel/", mine.cancel, name="callback-cancel"),
]
