"""Bookings in Django's admin: terms, people, places and rosters to edit; the rest to look at.

What a customer told, and what an adviser noted of them, is not shown here: the desk shows it, to
those who serve the customer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from palveluverkko.booking import models

# The stubs have type parameters that Django's own classes lack when they run.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    from django.contrib.admin import ModelAdmin, TabularInline


class PatternInline(TabularInline):
    model = models.RosterPattern
    fk_name = "person"
    extra = 0
    autocomplete_fields = ("point", "desk")


class ReadOnly(ModelAdmin):
    """To look at: these rows are written by verbs that keep promises to customers."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Terms)
class TermsAdmin(ModelAdmin):
    list_display = (
        "service",
        "mode",
        "minutes",
        "buffer_after",
        "step_minutes",
        "lead_minutes",
        "horizon_days",
        "daily_limit",
        "urgent",
    )
    list_filter = ("mode", "urgent")
    list_select_related = ("service",)
    autocomplete_fields = ("service",)


@admin.register(models.Resource)
class ResourceAdmin(ModelAdmin):
    list_display = ("name", "kind", "point", "valid_from", "valid_until", "synthetic")
    list_filter = ("kind", "synthetic")
    list_select_related = ("point",)
    search_fields = ("name", "point__id", "point__name_fi", "point__name_sv")
    autocomplete_fields = ("point",)
    raw_id_fields = ("user",)
    inlines = (PatternInline,)

    def get_inlines(self, request: HttpRequest, obj: models.Resource | None) -> Any:
        """A desk works no shifts."""
        people = (models.Resource.Kind.ADVISER, models.Resource.Kind.INTERPRETER)
        return self.inlines if obj is not None and obj.kind in people else ()


@admin.register(models.RosterPattern)
class PatternAdmin(ModelAdmin):
    list_display = ("person", "weekday", "begins", "ends", "point", "modes", "urgent_only")
    list_filter = ("weekday", "urgent_only")
    list_select_related = ("person", "point")
    search_fields = ("person__name", "point__id", "point__name_fi")
    autocomplete_fields = ("person", "point", "desk")


@admin.register(models.Shift)
class ShiftAdmin(ModelAdmin):
    list_display = ("person", "start", "end", "point", "desk", "modes", "urgent_only", "absent")
    list_filter = ("absent", "urgent_only")
    list_select_related = ("person", "point", "desk")
    date_hierarchy = "start"
    search_fields = ("person__name", "point__id", "point__name_fi")
    autocomplete_fields = ("person", "point", "desk")
    raw_id_fields = ("pattern",)


class AffectedInline(TabularInline):
    model = models.Affected
    extra = 0
    fields = ("booking", "state", "was_start", "changed_at", "changed_by")
    readonly_fields = fields
    can_delete = False


@admin.register(models.Closure)
class ClosureAdmin(ReadOnly):
    list_display = ("cause", "point", "person", "first", "last", "created_at")
    list_filter = ("cause",)
    list_select_related = ("point", "person")
    inlines = (AffectedInline,)


@admin.register(models.Booking)
class BookingAdmin(ReadOnly):
    """Only columns without personal data, and none that opens the customer's own link."""

    fields = (
        "reference",
        "state",
        "mode",
        "point",
        "service",
        "language",
        "start",
        "end",
        "advisers",
        "interpreter",
        "via",
        "created_at",
        "arrived_at",
        "served_from",
        "served_until",
        "forgotten",
    )
    readonly_fields = fields
    list_display = ("reference", "state", "mode", "point", "service", "start", "via")
    list_filter = ("state", "mode", "via", "service")
    list_select_related = ("point", "service")
    date_hierarchy = "start"
    search_fields = ("point__id", "point__name_fi", "point__name_sv")
