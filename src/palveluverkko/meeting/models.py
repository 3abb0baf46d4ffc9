"""Meeting's tables: one conversation by video, its six seats, and the text beside it.

Nothing of what is said or shown is kept. A meeting belongs to a booking or to a contact of the
pool. Of links and passes only hashes are kept. Times are UTC.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import Booking, Resource, new_token
from palveluverkko.contact.models import Contact
from palveluverkko.network.models import Service

ADVISERS_SEAT, CUSTOMERS_SEAT, SEATS = 1, 2, 6
HASH_LETTERS = 64


class Meeting(models.Model):
    """A booking that is moved gets another meeting: at most one of a booking is not ended."""

    # Names the meeting in its own pages; it opens nothing.
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="meetings"
    )
    contact = models.OneToOneField(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="meeting"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    adviser = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings"
    )
    opens_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("video meeting")
        verbose_name_plural = _("video meetings")
        constraints = [
            models.CheckConstraint(
                name="meeting_of_one",
                condition=Q(booking__isnull=False, contact__isnull=True)
                | Q(booking__isnull=True, contact__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_times",
                condition=Q(opens_at__lte=F("starts_at"), starts_at__lt=F("closes_at")),
            ),
            models.UniqueConstraint(
                name="meeting_one_per_booking",
                fields=["booking"],
                condition=Q(ended_at__isnull=True),
            ),
        ]


class Seat(models.Model):
    """Somebody's place in a meeting. The adviser has the first, the customer the second.

    Refused and removed people have none any more: their number can be given again.
    """

    class Role(models.TextChoices):
        ADVISER = "adviser", _("Adviser")
        CUSTOMER = "customer", _("Customer")
        INTERPRETER = "interpreter", _("Interpreter")
        COMPANION = "companion", _("Companion")
        ADVOCATE = "advocate", _("Advocate")
        HOST = "host", _("Host of the service point")

    class State(models.TextChoices):
        INVITED = "invited", _("Invited")
        WAITING = "waiting", _("In the waiting room")
        INSIDE = "inside", _("In the meeting")
        LEFT = "left", _("Left")
        REFUSED = "refused", _("Not let in")
        REMOVED = "removed", _("Taken out")

    GONE = ("refused", "removed")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=12, choices=Role)
    label = models.CharField(_("name shown to the others"), max_length=80, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.INVITED)
    link_hash = models.CharField(max_length=HASH_LETTERS, blank=True)
    link_expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    pass_hash = models.CharField(max_length=HASH_LETTERS, blank=True)
    # A host of the service point comes in only when asked.
    may_enter = models.BooleanField(default=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # the page was last heard
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["meeting_id", "number", "pk"]
        verbose_name = _("seat in a meeting")
        verbose_name_plural = _("seats in meetings")
        constraints = [
            models.CheckConstraint(
                name="seat_state",
                condition=Q(
                    state__in=["invited", "waiting", "inside", "left", "refused", "removed"]
                ),
            ),
            models.CheckConstraint(
                name="seat_role",
                condition=Q(number=1, role="adviser")
                | Q(number=2, role="customer")
                | Q(
                    number__gte=3,
                    number__lte=6,
                    role__in=["interpreter", "companion", "advocate", "host"],
                ),
            ),
            models.CheckConstraint(
                name="seat_inside_by_pass",
                condition=~Q(state__in=["waiting", "inside", "left"]) | ~Q(pass_hash=""),
            ),
            models.CheckConstraint(
                name="seat_host_asked_in", condition=~Q(state="inside") | Q(may_enter=True)
            ),
            # At most six: numbers end at six, and each is given once.
            models.UniqueConstraint(
                name="seat_number_once",
                fields=["meeting", "number"],
                condition=~Q(state__in=["refused", "removed"]),
            ),
            models.UniqueConstraint(
                name="seat_one_host",
                fields=["meeting"],
                condition=Q(role="host") & ~Q(state__in=["refused", "removed"]),
            ),
            models.UniqueConstraint(
                name="seat_link_once", fields=["link_hash"], condition=~Q(link_hash="")
            ),
            models.UniqueConstraint(
                name="seat_pass_once", fields=["pass_hash"], condition=~Q(pass_hash="")
            ),
        ]


class MeetingLine(models.Model):
    """A line of text beside a meeting; deleted in the night after it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="lines")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()  # of this seat's lines
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(name="meeting_line_once", fields=["seat", "number"])]


# Tables of their own file are known to Django from here.
from palveluverkko.meeting import room_models  # noqa: E402, F401
