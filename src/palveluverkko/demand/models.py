"""Demand's tables: daily counts as reported, weeks made from them, and the monitor's findings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palveluverkko.network.models import ModeChoices, Service, ServicePoint
from palveluverkko.snapshot.model import Mode, WeekStatus


class DayReport(models.Model):
    """A point's day was reported. An open day without a report is missing, not zero.

    ``open_minutes``, ``slots`` (bookable times) and ``booked`` are null where unknown.
    """

    pk = models.CompositePrimaryKey("point_id", "date")
    point = models.ForeignKey(
        ServicePoint, on_delete=models.CASCADE, related_name="day_reports", db_index=False
    )
    date = models.DateField()
    open_minutes = models.PositiveIntegerField(null=True, blank=True)
    slots = models.PositiveIntegerField(null=True, blank=True)
    booked = models.PositiveIntegerField(null=True, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("daily report")
        verbose_name_plural = _("daily reports")


class DailyVisits(models.Model):
    """Visits served on one day at one point, by service and mode."""

    pk = models.CompositePrimaryKey("point_id", "date", "service_id", "mode")
    point = models.ForeignKey(
        ServicePoint, on_delete=models.CASCADE, related_name="daily_visits", db_index=False
    )
    date = models.DateField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    mode = models.CharField(max_length=20, choices=ModeChoices)
    visits = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("daily visits")
        verbose_name_plural = _("daily visits")
        constraints = [
            models.CheckConstraint(
                name="visits_mode", condition=Q(mode__in=[m.value for m in Mode])
            )
        ]


class PointWeek(models.Model):
    """One ISO week of one point, made from its days; remade when one of them changes."""

    pk = models.CompositePrimaryKey("point_id", "monday")
    point = models.ForeignKey(
        ServicePoint, on_delete=models.CASCADE, related_name="weeks", db_index=False
    )
    monday = models.DateField()
    status = models.PositiveSmallIntegerField(choices=[(s.value, s.name) for s in WeekStatus])
    visits = models.PositiveIntegerField()
    slots = models.PositiveIntegerField(null=True)
    open_minutes = models.PositiveIntegerField(null=True)
    days_open = models.PositiveSmallIntegerField()
    days_reported = models.PositiveSmallIntegerField()
    by_service = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("week")
        verbose_name_plural = _("weeks")


class PointFinding(models.Model):
    """What the monitor holds on a point now; updated when its counts change."""

    point = models.OneToOneField(
        ServicePoint, on_delete=models.CASCADE, primary_key=True, related_name="finding"
    )
    up_to = models.DateField(_("last week that entered (its Monday)"))
    updated_at = models.DateTimeField(auto_now=True)
    demand = models.JSONField()  # measuring.PointDemand as plain values
    direction = models.CharField(max_length=10, blank=True)  # falling | rising | empty
    since = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")


class ChannelContacts(models.Model):
    """Customers served on one day through a nationwide channel, by service: video, phone."""

    pk = models.CompositePrimaryKey("channel", "date", "service_id")
    channel = models.CharField(max_length=20)
    date = models.DateField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    contacts = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("daily contacts")
        verbose_name_plural = _("daily contacts")


class AreaContacts(models.Model):
    """Those of the daily contacts whose customer told a postal code, by population area.

    The others' areas are unknown: these rows do not add up to :class:`ChannelContacts`.
    """

    pk = models.CompositePrimaryKey("area", "channel", "date", "service_id")
    area = models.CharField(max_length=20)  # a code; areas may change, what was counted does not
    channel = models.CharField(max_length=20)
    date = models.DateField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    contacts = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("daily contacts of an area")
        verbose_name_plural = _("daily contacts of areas")
