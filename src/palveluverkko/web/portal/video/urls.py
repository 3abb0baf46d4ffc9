"""Addresses of video at once. None holds a token."""

from django.urls import URLPattern, path

from palveluverkko.web.portal.video import views

urlpatterns: list[URLPattern] = [
    path("video/", views.video, name="video"),
    path("video/enter/", views.enter, name="video-enter"),
    path("video/join/", views.join, name="video-join"),
]
