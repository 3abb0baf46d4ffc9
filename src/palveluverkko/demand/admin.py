"""Demand in the admin: the monitor's findings, to look at.

Days and weeks have composite primary keys, which Django's admin cannot show (5.2 release notes);
they are recorded through pages, files and the programming interface.
"""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from palveluverkko.demand.models import PointFinding


@admin.register(PointFinding)
class PointFindingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Read only: a finding is computed from counts, and computed again when they change."""

    list_display = ("point", "up_to", "direction", "since", "updated_at")
    list_filter = ("direction",)
    search_fields = ("point__id", "point__name_fi")
    readonly_fields = ("point", "up_to", "direction", "since", "demand", "updated_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
