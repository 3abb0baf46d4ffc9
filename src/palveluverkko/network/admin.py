"""The register in Django's admin: a point with all that belongs to it on one page.

Travel times are imported as whole tables, and the admin knows no composite keys: not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from palveluverkko.network import models

# The stubs have type parameters that Django's own classes lack when they run.
if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    from django.contrib.admin import ModelAdmin, TabularInline

# Typed loosely, so that a subclass may show more columns than its base.
NAMES: tuple[str, ...] = ("code", "name_fi", "name_sv", "name_en")
POINT_NAMES: tuple[str, ...] = ("point__id", "point__name_fi", "point__name_sv")


class AgreementInline(TabularInline):
    model = models.JointAgreement
    extra = 0


class OfferInline(TabularInline):
    model = models.ServiceOffer
    extra = 0


class HoursInline(TabularInline):
    model = models.OpeningHours
    extra = 0


class ExceptionInline(TabularInline):
    model = models.OpeningException
    extra = 0


@admin.register(models.ServicePoint)
class ServicePointAdmin(ModelAdmin):
    list_display = ("id", "shown_name", "kind", "municipality", "valid_from", "valid_until")
    list_filter = ("kind", "municipality__urbanity", "offers__service", "valid_until")
    list_select_related = ("municipality",)
    search_fields = (
        "id",
        "name_fi",
        "name_sv",
        "name_en",
        "municipality__name_fi",
        "municipality__name_sv",
    )
    autocomplete_fields = ("municipality",)
    inlines = (OfferInline, HoursInline, ExceptionInline, AgreementInline)

    @admin.display(description=_("name"), ordering="name_fi")
    def shown_name(self, point: models.ServicePoint) -> str:
        return point.name

    def get_readonly_fields(
        self, request: HttpRequest, obj: models.ServicePoint | None = None
    ) -> tuple[str, ...]:
        # Another id would be another point: the counts and runs name this one.
        return ("id",) if obj is not None else ()


class NamedAdmin(ModelAdmin):
    """Rows with names in three languages."""

    search_fields = ("code", "name_fi", "name_sv", "name_en")
    list_display = NAMES

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


@admin.register(models.Agency)
class AgencyAdmin(NamedAdmin):
    list_display = (*NAMES, "country", "timezone")


@admin.register(models.Municipality)
class MunicipalityAdmin(NamedAdmin):
    list_display = (*NAMES, "language_status", "urbanity", "population")
    list_filter = ("language_status", "urbanity")
    autocomplete_fields = ("merged_into",)


@admin.register(models.Service)
class ServiceAdmin(NamedAdmin):
    list_display = (*NAMES, "requires_official", "position")
    list_filter = ("requires_official",)


@admin.register(models.RemoteChannel)
class RemoteChannelAdmin(NamedAdmin):
    list_display = (*NAMES, "capacity_per_week", "load_per_week", "synthetic")


@admin.register(models.Area)
class AreaAdmin(ModelAdmin):
    list_display = ("code", "name", "municipality", "residents", "residents_year")
    list_select_related = ("municipality",)
    search_fields = ("code", "name", "municipality__name_fi", "municipality__name_sv")
    autocomplete_fields = ("municipality",)


class OfPoint(ModelAdmin):
    """Rows that belong to a point, across points."""

    search_fields = POINT_NAMES
    autocomplete_fields = ("point",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("point")


@admin.register(models.ServiceOffer)
class OfferAdmin(OfPoint):
    list_display = ("point", "service", "mode", "valid_from", "valid_until")
    list_filter = ("service", "mode")


@admin.register(models.OpeningHours)
class HoursAdmin(OfPoint):
    list_display = ("point", "weekday", "opens", "closes", "service", "mode", "valid_until")
    list_filter = ("weekday", "service", "mode")


@admin.register(models.OpeningException)
class ExceptionAdmin(OfPoint):
    list_display = ("point", "first", "last", "closed", "opens", "closes", "service", "mode")
    list_filter = ("closed", "first", "service", "mode")


@admin.register(models.JointAgreement)
class AgreementAdmin(OfPoint):
    list_display = ("point", "host", "valid_from", "valid_until", "notice_days", "video_room")
    list_filter = ("video_room",)
    search_fields = (*POINT_NAMES, "host")
