"""The programming interface as a Django app: it brings the command that makes tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "palveluverkko.api"
    label = "api"
    verbose_name = _("Programming interface")
