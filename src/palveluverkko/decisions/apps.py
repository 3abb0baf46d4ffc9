"""Assessments that were run: policy, frozen data, results."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DecisionsConfig(AppConfig):
    name = "palveluverkko.decisions"
    label = "decisions"
    verbose_name = _("Decisions")
