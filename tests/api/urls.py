"""The programming interface alone, at its real address."""

from django.urls import path

from palveluverkko.api.urls import api

urlpatterns = [path("api/", api.urls)]
