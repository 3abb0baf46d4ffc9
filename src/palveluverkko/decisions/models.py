"""Assessments as they were run: the frozen data, the policy's text and the result's bytes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FrozenSnapshot(models.Model):
    """A snapshot's bytes under its hash. Never changed once written."""

    data_hash = models.CharField(primary_key=True, max_length=64)
    as_of = models.DateField()
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("frozen data set")
        verbose_name_plural = _("frozen data sets")


class AssessmentRun(models.Model):
    """One assessment: enough to compute it again and get the same bytes."""

    snapshot = models.ForeignKey(FrozenSnapshot, on_delete=models.PROTECT, related_name="runs")
    policy_id = models.CharField(max_length=80)
    policy_hash = models.CharField(max_length=64)
    policy_text = models.TextField()
    as_of = models.DateField()
    result = models.BinaryField()
    result_hash = models.CharField(max_length=64)
    program_version = models.CharField(max_length=40)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("assessment run")
        verbose_name_plural = _("assessment runs")
        constraints = [
            models.UniqueConstraint(
                name="run_once", fields=["snapshot", "policy_hash", "program_version"]
            )
        ]
