"""The pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "palveluverkko.web"
    label = "web"
