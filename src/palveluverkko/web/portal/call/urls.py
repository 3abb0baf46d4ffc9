"""Addresses of calls from the web page. None holds a token."""

from django.urls import URLPattern, path

from palveluverkko.web.portal.call import views

urlpatterns: list[URLPattern] = [
    path("call/", views.call, name="call"),
    path("call/enter/", views.enter, name="call-enter"),
]
