"""Booking's tables: who and what can serve, what is booked of it, and who waits.

Times are UTC. What is *taken* is a row of :class:`Claim`: two claims of one resource never overlap,
which the database itself refuses (``guards.py``). A booking without claims takes nothing.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from palveluverkko.network.models import Dated, Service, ServicePoint, dated_constraint

MOST_HOURS = 24  # a claim or a shift is never longer; the guards rely on it


def new_token() -> str:
    """A secret for links: 128 bits."""
    return secrets.token_urlsafe(16)


class BookingMode(models.TextChoices):
    """How the customer and the adviser meet."""

    APPOINTMENT = "appointment", _("At a service point")
    VIDEO_ROOM = "video_room", _("In a video room at a joint service point")
    VIDEO = "video", _("By video from home")
    PHONE = "phone", _("By phone")


MODES_AT_POINTS = (BookingMode.APPOINTMENT, BookingMode.VIDEO_ROOM)


class Terms(models.Model):
    """What booking a service takes: minutes, limits. No mode: every mode without terms of its own.

    ``urgent``: may also take the time kept for urgent matters (:attr:`Shift.urgent_only`).
    ``daily_limit``: bookings a day at one point, or nationwide by video or phone.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="terms")
    mode = models.CharField(_("mode"), max_length=20, choices=BookingMode, blank=True)
    minutes = models.PositiveSmallIntegerField(_("duration, minutes"), default=30)
    buffer_before = models.PositiveSmallIntegerField(_("minutes kept free before"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("minutes kept free after"), default=5)
    step_minutes = models.PositiveSmallIntegerField(_("times begin every, minutes"), default=15)
    lead_minutes = models.PositiveIntegerField(_("book at least, minutes before"), default=60)
    horizon_days = models.PositiveSmallIntegerField(_("book at most, days ahead"), default=60)
    daily_limit = models.PositiveSmallIntegerField(_("bookings a day"), null=True, blank=True)
    urgent = models.BooleanField(_("urgent"), default=False)

    class Meta:
        ordering = ["service_id", "mode"]
        verbose_name = _("booking terms")
        verbose_name_plural = _("booking terms")
        constraints = [
            models.UniqueConstraint(name="terms_once", fields=["service", "mode"]),
            models.CheckConstraint(
                name="terms_minutes",
                condition=Q(minutes__gte=5, minutes__lte=480, step_minutes__gte=5),
            ),
            models.CheckConstraint(
                name="terms_buffers", condition=Q(buffer_before__lte=120, buffer_after__lte=120)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.mode}: {self.minutes}"


class Resource(Dated):
    """What can be in one place only: a desk, a room, an adviser, an interpreter.

    ``services`` are the codes an adviser is competent in, ``languages`` those spoken. ``point`` is
    where a desk or room stands, and an adviser's home point.
    """

    class Kind(models.TextChoices):
        DESK = "desk", _("Desk")
        ROOM = "room", _("Room")
        ADVISER = "adviser", _("Adviser")
        INTERPRETER = "interpreter", _("Interpreter")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="adviser",
    )
    services = models.JSONField(_("competences (service codes)"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = _("desk, room or person")
        verbose_name_plural = _("desks, rooms and people")
        constraints = [
            dated_constraint("resource_dates"),
            models.CheckConstraint(
                name="resource_kind",
                condition=Q(kind__in=["desk", "room", "adviser", "interpreter"]),
            ),
            models.CheckConstraint(
                name="resource_place",
                condition=Q(point__isnull=False) | ~Q(kind__in=["desk", "room"]),
                violation_error_message=_("A desk or room stands at a point."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RosterPattern(Dated):
    """A person's work on one weekday of every week; shifts are made from it, day by day.

    Times of day are those of the point, or of the agency where there is none.
    """

    person = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="patterns")
    point = models.ForeignKey(ServicePoint, null=True, blank=True, on_delete=models.CASCADE)
    desk = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    modes = models.JSONField(_("modes"), default=list)
    urgent_only = models.BooleanField(_("kept for urgent matters"), default=False)

    class Meta:
        ordering = ["person_id", "weekday", "begins"]
        verbose_name = _("weekly roster")
        verbose_name_plural = _("weekly rosters")
        constraints = [
            dated_constraint("pattern_dates"),
            models.CheckConstraint(name="pattern_times", condition=Q(ends__gt=F("begins"))),
            models.CheckConstraint(name="pattern_weekday", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.weekday} {self.begins}-{self.ends}"


class Shift(models.Model):
    """A person serves from ``start`` to ``end``, in ``modes``; at ``point``, or remotely only.

    Two shifts of one person never overlap (``guards.py``), so nobody works in two towns at once.
    """

    person = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="shifts")
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.CASCADE, related_name="shifts"
    )
    desk = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    modes = models.JSONField(_("modes"), default=list)
    urgent_only = models.BooleanField(_("kept for urgent matters"), default=False)
    pattern = models.ForeignKey(
        RosterPattern, null=True, blank=True, on_delete=models.SET_NULL, related_name="shifts"
    )
    # Ill, away: the shift stays on the roster and serves nobody.
    absent = models.BooleanField(_("absent"), default=False)
    absence_reason = models.CharField(_("reason of absence"), max_length=40, blank=True)

    class Meta:
        ordering = ["start", "person_id"]
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(name="shift_times", condition=Q(end__gt=F("start"))),
            models.UniqueConstraint(name="shift_once", fields=["person", "start"]),
        ]
        indexes = [
            models.Index(name="shift_point_start", fields=["point", "start"]),
            models.Index(name="shift_start", fields=["start"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.start:%Y-%m-%d %H:%M}"


class Contact(models.Model):
    """How the agency reaches a customer; deleted on schedule. No identity code is asked for."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)  # E.164
    email = models.EmailField(_("e-mail"), blank=True)
    postal_address = models.CharField(_("postal address"), max_length=300, blank=True)
    contact_language = models.CharField(_("language of messages"), max_length=8, default="fi")
    reminders = models.BooleanField(_("reminders"), default=True)
    # Asked only where nobody travels: so that it is known whose area is served from afar.
    area = models.CharField(_("postal code"), max_length=20, blank=True, default="", db_default="")

    class Meta:
        abstract = True


class Series(models.Model):
    """Bookings that were made together; each can be moved or cancelled alone."""

    key = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)


class Booking(Contact):
    """One meeting of one customer, from ``start`` to ``end`` (without the buffers)."""

    class State(models.TextChoices):
        HELD = "held", _("Being booked")
        CONFIRMED = "confirmed", _("Booked")
        ARRIVED = "arrived", _("Arrived")
        SERVING = "serving", _("Being served")
        SERVED = "served", _("Served")
        NO_SHOW = "no_show", _("Did not come")
        CANCELLED = "cancelled", _("Cancelled")
        EXPIRED = "expired", _("Not finished in time")

    class Via(models.TextChoices):
        WEB = "web", _("By the customer")
        ADVISER = "adviser", _("By an adviser")
        PARTNER = "partner", _("By a partner")
        WAITING_LIST = "waiting_list", _("From the waiting list")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.HELD)
    mode = models.CharField(_("mode"), max_length=20, choices=BookingMode)
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.PROTECT, related_name="bookings"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="bookings")
    language = models.CharField(_("language of service"), max_length=8)
    start = models.DateTimeField(_("start"))
    end = models.DateTimeField(_("end"))
    advisers = models.PositiveSmallIntegerField(_("advisers"), default=1)
    interpreter = models.CharField(_("interpreter for"), max_length=8, blank=True)
    matter = models.TextField(_("what it is about"), max_length=2000, blank=True)
    needs = models.CharField(_("what we should prepare for"), max_length=500, blank=True)
    via = models.CharField(_("booked"), max_length=12, choices=Via, default=Via.WEB)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    partner = models.CharField(_("partner"), max_length=120, blank=True)
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="bookings"
    )
    hold_until = models.DateTimeField(null=True, blank=True)
    # Rises with every change that the customer is told of: part of the events of messages.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    served_from = models.DateTimeField(null=True, blank=True)
    served_until = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(_("adviser's notes"), blank=True)
    # Of the meeting that an adviser opened in another service, and how many there have been.
    meeting_link = models.URLField(
        _("link of the video meeting"), max_length=1_000, blank=True, default="", db_default=""
    )
    meeting_links = models.PositiveSmallIntegerField(default=0, db_default=0)
    forgotten = models.BooleanField(default=False, help_text=_("Personal data were deleted."))

    class Meta:
        ordering = ["start", "pk"]
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(name="booking_times", condition=Q(end__gt=F("start"))),
            models.CheckConstraint(
                name="booking_state",
                condition=Q(
                    state__in=[
                        "held",
                        "confirmed",
                        "arrived",
                        "serving",
                        "served",
                        "no_show",
                        "cancelled",
                        "expired",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="booking_place",
                condition=Q(point__isnull=False, mode__in=["appointment", "video_room"])
                | Q(point__isnull=True, mode__in=["video", "phone"]),
            ),
            models.CheckConstraint(
                name="booking_hold_ends", condition=~Q(state="held") | Q(hold_until__isnull=False)
            ),
            models.CheckConstraint(
                name="booking_confirmed_named",
                condition=Q(forgotten=True) | Q(state__in=["held", "expired"]) | ~Q(name=""),
            ),
        ]
        indexes = [
            models.Index(name="booking_point_start", fields=["point", "start"]),
            models.Index(name="booking_start", fields=["start"]),
            models.Index(name="booking_held", fields=["hold_until"], condition=Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.reference}"

    @property
    def reference(self) -> str:
        """What a customer says on the phone: no secret, no personal data."""
        return f"{self.pk or 0:06d}"


class Claim(models.Model):
    """A resource is taken by a booking from ``start`` to ``end``, buffers included."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="claims")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="claims")
    start = models.DateTimeField()
    end = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="claim_times", condition=Q(end__gt=F("start")))]
        indexes = [models.Index(name="claim_resource_start", fields=["resource", "start"])]


class BookingEvent(models.Model):
    """What happened to a booking, append-only, without personal data.

    ``key`` makes a verb idempotent: the same request again finds its event and changes nothing.
    """

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event of a booking")
        verbose_name_plural = _("events of bookings")


class FreeDay(models.Model):
    """Projection: when a service can begin at an outlet on one UTC day, by language.

    ``outlet``: a point's id, ``@video`` or ``@phone``. ``starts`` is what ``availability.packing``
    writes. For ``video_room`` only the room is looked at; the adviser comes from ``@video``.
    Rows are made again from the truth whenever that changes; a day without a row has no time.
    """

    outlet = models.CharField(max_length=80)
    mode = models.CharField(max_length=20)
    service = models.CharField(max_length=60)
    day = models.DateField()
    starts = models.TextField()
    first_start = models.DateTimeField()
    last_start = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="free_day_once", fields=["service", "mode", "outlet", "day"]
            )
        ]
        indexes = [
            models.Index(name="free_day_outlet", fields=["outlet", "day"]),
            models.Index(name="free_day_first", fields=["service", "mode", "first_start"]),
        ]


class StaleDay(models.Model):
    """An outlet's day whose projection must be made again; written with the change itself."""

    outlet = models.CharField(max_length=80)
    day = models.DateField()

    class Meta:
        indexes = [models.Index(name="stale_day", fields=["outlet", "day"])]


class WaitingEntry(Contact):
    """A customer waits for a time that is not free now. Freed times are offered in turn."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("A time is offered")
        BOOKED = "booked", _("Booked")
        LEFT = "left", _("Left the list")
        OVER = "over", _("The days are over")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    mode = models.CharField(max_length=20, choices=BookingMode)
    point = models.ForeignKey(ServicePoint, null=True, blank=True, on_delete=models.CASCADE)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    language = models.CharField(max_length=8)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    matter = models.TextField(max_length=2000, blank=True)
    needs = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    forgotten = models.BooleanField(default=False)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("entry of the waiting list")
        verbose_name_plural = _("waiting list")
        constraints = [
            models.CheckConstraint(name="waiting_days", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="waiting_state",
                condition=Q(state__in=["waiting", "offered", "booked", "left", "over"]),
            ),
        ]
        indexes = [
            models.Index(
                name="waiting_next", fields=["service", "mode"], condition=Q(state="waiting")
            )
        ]


class WaitingOffer(models.Model):
    """A freed time kept for one entry until ``until``. One open offer an entry, one a booking."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        LAPSED = "lapsed", _("Lapsed")

    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="waiting_offer")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="waiting_one_open", fields=["entry"], condition=Q(state="open")
            )
        ]


class Closure(models.Model):
    """Why bookings cannot be kept: a closed day, a point that ends, an absent adviser.

    Done only when no :class:`Affected` row is open.
    """

    class Cause(models.TextChoices):
        CLOSED_DAYS = "closed_days", _("Closed days")
        POINT_ENDS = "point_ends", _("The point ends")
        ABSENCE = "absence", _("An adviser is absent")
        HOURS = "hours", _("Changed opening hours or roster")

    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    point = models.ForeignKey(ServicePoint, null=True, blank=True, on_delete=models.CASCADE)
    person = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.CASCADE)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=150, blank=True)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("closure")
        verbose_name_plural = _("closures")


class Affected(models.Model):
    """A booking that a closure touches: on the work list until it is moved, called or declined."""

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        OFFERED = "offered", _("Alternatives sent")
        REASSIGNED = "reassigned", _("Kept with another adviser")
        MOVED = "moved", _("Moved")
        CALLED = "called", _("Called")
        DECLINED = "declined", _("Declined")
        STANDS = "stands", _("Stands after all")

    TO_DO = ("open", "offered")

    closure = models.ForeignKey(Closure, on_delete=models.CASCADE, related_name="affected")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="affected")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    was_start = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["was_start", "pk"]
        constraints = [
            models.UniqueConstraint(name="affected_once", fields=["closure", "booking"]),
            models.CheckConstraint(
                name="affected_state",
                condition=Q(
                    state__in=[
                        "open",
                        "offered",
                        "reassigned",
                        "moved",
                        "called",
                        "declined",
                        "stands",
                    ]
                ),
            ),
        ]
