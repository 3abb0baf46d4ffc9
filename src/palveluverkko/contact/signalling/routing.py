"""Where pages connect. No address holds a token: it is the first thing that the page says."""

from __future__ import annotations

from django.urls import path

from palveluverkko.contact.signalling.customer import CustomerPage
from palveluverkko.contact.signalling.desk import DeskPage

customers = [path("ws/call/", CustomerPage.as_asgi())]
urlpatterns = [
    path("ws/desk/", DeskPage.as_asgi()),
]
