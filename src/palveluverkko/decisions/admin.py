"""Runs in the admin, to look at: what was decided upon is never changed afterwards."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from palveluverkko.decisions.models import AssessmentRun


@admin.register(AssessmentRun)
class AssessmentRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read only; the result's bytes are read through the pages that show them."""

    list_display = ("policy_id", "as_of", "created_at", "created_by", "program_version")
    list_filter = ("policy_id",)
    list_select_related = ("created_by",)
    date_hierarchy = "as_of"
    search_fields = ("policy_id", "policy_hash", "snapshot__data_hash")
    fields = (
        "policy_id",
        "policy_hash",
        "policy_text",
        "as_of",
        "result_hash",
        "program_version",
        "created_at",
        "created_by",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssessmentRun]:
        return super().get_queryset(request).defer("result")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
