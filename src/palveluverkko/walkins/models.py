"""Walk-ins' tables: tickets, open desks, tallies. Times are UTC, days are the point's own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from palveluverkko.booking.models import Booking, Resource, new_token
from palveluverkko.network.models import ModeChoices, Service, ServicePoint
from palveluverkko.snapshot.model import Mode


class TicketState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    CALLED = "called", pgettext_lazy("a queue number", "Called")
    SERVING = "serving", _("Being served")
    SERVED = "served", _("Served")
    NO_SHOW = "no_show", _("Did not come")
    LEFT = "left", _("Left")


AT_DESK = (TicketState.CALLED, TicketState.SERVING)
ENDED = (TicketState.SERVED, TicketState.NO_SHOW, TicketState.LEFT)


class Via(models.TextChoices):
    KIOSK = "kiosk", _("At the kiosk")
    PHONE = "phone", _("With a phone")
    DESK = "desk", _("At the desk")


class TicketCounter(models.Model):
    """The last number given at a point on a day; its row makes takers wait for each other."""

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="counter_once", fields=["point", "day"])]


class Ticket(models.Model):
    """A customer's place in a point's queue. No name; ``phone`` only for an SMS at the call.

    ``taken_at`` is the place in the queue, which a transfer or an agreed return keeps; a ticket
    that waits again has no ``called_at``. ``key`` makes taking idempotent, ``token`` opens the
    customer's own page. ``visit_day`` is the day on which the visit was counted.
    """

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="tickets")
    day = models.DateField(_("day"))
    number = models.PositiveIntegerField(_("number"))
    prefix = models.CharField(max_length=3, blank=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language of service"), max_length=8, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=TicketState, default=TicketState.WAITING
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    key = models.CharField(max_length=80, unique=True)
    via = models.CharField(max_length=10, choices=Via, default=Via.KIOSK)
    phone = models.CharField(max_length=20, blank=True)  # E.164; deleted the same night
    taken_at = models.DateTimeField()
    come_back_at = models.DateTimeField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    times_called = models.PositiveSmallIntegerField(default=0)
    passed_over = models.PositiveSmallIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)
    desk = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    adviser = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Sent to this adviser; anybody may call where there is none.
    wanted_adviser = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    visit_day = models.DateField(null=True, blank=True)
    closed_at_night = models.BooleanField(default=False)

    class Meta:
        ordering = ["taken_at", "number"]
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        constraints = [
            models.UniqueConstraint(name="ticket_number", fields=["point", "day", "number"]),
            models.UniqueConstraint(
                name="ticket_desk_once", fields=["desk"], condition=Q(state__in=AT_DESK)
            ),
            models.UniqueConstraint(
                name="ticket_adviser_once", fields=["adviser"], condition=Q(state__in=AT_DESK)
            ),
            models.CheckConstraint(
                name="ticket_state", condition=Q(state__in=[s.value for s in TicketState])
            ),
            models.CheckConstraint(
                name="ticket_at_desk",
                condition=~Q(state__in=AT_DESK)
                | Q(desk__isnull=False, adviser__isnull=False, called_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_waits_nowhere",
                condition=~Q(state="waiting")
                | Q(
                    desk__isnull=True,
                    adviser__isnull=True,
                    called_at__isnull=True,
                    started_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="ticket_started",
                condition=~Q(state__in=["serving", "served"]) | Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_ended",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="ticket_counted_when_served",
                condition=Q(state="served", visit_day__isnull=False)
                | (~Q(state="served") & Q(visit_day__isnull=True)),
            ),
            models.CheckConstraint(
                name="ticket_times_in_order",
                condition=(Q(called_at__isnull=True) | Q(called_at__gte=F("taken_at")))
                & (Q(started_at__isnull=True) | Q(started_at__gte=F("called_at")))
                & (Q(ended_at__isnull=True) | Q(ended_at__gte=F("taken_at")))
                & (
                    Q(ended_at__isnull=True)
                    | Q(started_at__isnull=True)
                    | Q(ended_at__gte=F("started_at"))
                ),
            ),
        ]
        indexes = [
            models.Index(name="ticket_point_state", fields=["point", "state"]),
            models.Index(name="ticket_point_ended", fields=["point", "ended_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.label}"

    @property
    def label(self) -> str:
        """What the screen shows: the number after its letter, if any."""
        return f"{self.prefix}{self.number}"


class DeskState(models.TextChoices):
    READY = "ready", _("At work")
    BREAK = "break", _("On a break")


class DeskSession(models.Model):
    """An adviser is at a desk from ``since`` to ``until``; open while there is no ``until``.

    ``modes`` empty: serves walk-ins and bookings alike. ``day`` is the point's day at the start.
    ``booking`` is the booked customer called to the desk last, at ``booking_at``; whether that
    meeting still goes on is the booking's own state.
    """

    adviser = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="desk_sessions")
    desk = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="desk_sessions")
    day = models.DateField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=DeskState, default=DeskState.READY)
    modes = models.JSONField(default=list, blank=True)
    urgent_only = models.BooleanField(default=False)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    booking_at = models.DateTimeField(null=True, blank=True)
    closed_at_night = models.BooleanField(default=False)

    class Meta:
        ordering = ["since"]
        verbose_name = _("open desk")
        verbose_name_plural = _("open desks")
        constraints = [
            models.UniqueConstraint(
                name="session_adviser_once", fields=["adviser"], condition=Q(until__isnull=True)
            ),
            models.UniqueConstraint(
                name="session_desk_once", fields=["desk"], condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                name="session_state", condition=Q(state__in=[s.value for s in DeskState])
            ),
            models.CheckConstraint(
                name="session_times", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]
        indexes = [models.Index(name="session_point_day", fields=["point", "day"])]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.desk_id}"


class Tally(models.Model):
    """One tap of a small point's tally page: one visit, unless ``taken_back_at``."""

    point = models.ForeignKey(ServicePoint, on_delete=models.CASCADE, related_name="tallies")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=20, choices=ModeChoices, default=ModeChoices.WALK_IN)
    day = models.DateField()
    key = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at"]
        verbose_name = _("tallied visit")
        verbose_name_plural = _("tallied visits")
        constraints = [
            models.CheckConstraint(name="tally_mode", condition=Q(mode__in=[m.value for m in Mode]))
        ]
        indexes = [models.Index(name="tally_point_day", fields=["point", "day"])]

    def __str__(self) -> str:
        return f"{self.point_id}: {self.day}"
