"""Addresses of meetings. Only a link that was sent holds a secret, which is used up by opening."""

from django.urls import URLPattern, path

from palveluverkko.web.meeting import invite, views

urlpatterns: list[URLPattern] = [
    path("meeting/room/", views.room, name="meeting-room"),
    path("meeting/invite/", invite.invite, name="meeting-invitation"),
    path("meeting/test/", views.test, name="meeting-test"),
    path("meeting/ways/", views.ways, name="meeting-ways"),
    path("meeting/<str:link>/", views.by_link, name="meeting-link"),
]
