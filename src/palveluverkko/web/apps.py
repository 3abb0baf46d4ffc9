"""The pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "palveluverkko.web"
    label = "web"

    def ready(self) -> None:
        # Registers itself when it is imported.
        from palveluverkko.web.portal.booking import upkeep  # noqa: F401
