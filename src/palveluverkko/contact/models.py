"""Contact's tables: one pool of work over all remote channels, and callback requests.

A :class:`Contact` is somebody who wants to talk now: by web call, by video, or by a callback that
is due. A :class:`CallbackRequest` is a promise to call; it outlives every attempt.
Times are UTC.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import Resource, new_token
from palveluverkko.network.models import Service, ServicePoint


class Channel(models.TextChoices):
    WEB_CALL = "web_call", _("Call from the web page")
    VIDEO = "video", _("Video at once")
    CALLBACK = "callback", _("Callback")
    PHONE = "phone", _("Telephone")


class CallbackRequest(models.Model):
    """Somebody asked to be called. Closed only by being served, cancelled, or after the last try
    by a message that says how to go on; an unanswered attempt never closes it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("To be called")
        CALLING = "calling", _("Being called")
        SERVED = "served", _("Served")
        CANCELLED = "cancelled", _("Cancelled")
        UNREACHED = "unreached", _("Not reached; told how to go on")

    class Via(models.TextChoices):
        WEB = "web", _("By the customer")
        QUEUE = "queue", _("Instead of waiting in the queue")
        JOINT_POINT = "joint_point", _("At a joint service point")
        ADVISER = "adviser", _("By an adviser")
        PARTNER = "partner", _("By a partner")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    via = models.CharField(max_length=12, choices=Via, default=Via.WEB)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(_("language of service"), max_length=8)
    area = models.CharField(_("postal code"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)  # E.164
    contact_language = models.CharField(_("language of messages"), max_length=8, default="fi")
    reminders = models.BooleanField(_("reminders"), default=True)
    matter = models.TextField(_("what it is about"), max_length=2000, blank=True)
    # The place in the queue: kept over retries, and from the queue that was left for a callback.
    entered_at = models.DateTimeField()
    soon = models.BooleanField(_("as soon as possible"), default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    # When the window in which the next call is promised ends; later, the promise is broken.
    due_until = models.DateTimeField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)
    missed = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claimed_by = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="callbacks"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    closed_at = models.DateTimeField(null=True, blank=True)
    notes = models.TextField(blank=True)
    forgotten = models.BooleanField(default=False)

    class Meta:
        ordering = ["next_attempt_at", "entered_at", "pk"]
        verbose_name = _("callback request")
        verbose_name_plural = _("callback requests")
        constraints = [
            models.CheckConstraint(
                name="callback_state",
                condition=Q(state__in=["open", "calling", "served", "cancelled", "unreached"]),
            ),
            models.CheckConstraint(
                name="callback_claimed_when_calling",
                condition=~Q(state="calling") | Q(claimed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="callback_open_has_time",
                condition=~Q(state="open") | Q(next_attempt_at__isnull=False),
            ),
            # One adviser calls one customer at a time.
            models.UniqueConstraint(
                name="callback_one_per_adviser",
                fields=["claimed_by"],
                condition=Q(state="calling"),
            ),
        ]
        indexes = [
            models.Index(name="callback_due", fields=["next_attempt_at"], condition=Q(state="open"))
        ]

    @property
    def reference(self) -> str:
        """What is said on the phone: no secret, no personal data."""
        return f"C{self.pk or 0:06d}"


class CallbackWindow(models.Model):
    """When the customer wants to be called, in the order preferred."""

    request = models.ForeignKey(CallbackRequest, on_delete=models.CASCADE, related_name="windows")
    position = models.PositiveSmallIntegerField()
    start = models.DateTimeField()
    end = models.DateTimeField()

    class Meta:
        ordering = ["request_id", "position"]
        constraints = [
            models.CheckConstraint(name="window_times", condition=Q(end__gt=F("start"))),
            models.UniqueConstraint(name="window_once", fields=["request", "position"]),
        ]


class WindowSeat(models.Model):
    """One promised call in one window. Seats are numbered from 1 up to the window's capacity, and a
    number is given once: no window is promised more often than advisers can call.
    """

    request = models.OneToOneField(CallbackRequest, on_delete=models.CASCADE, related_name="seat")
    start = models.DateTimeField()
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=8)

    class Meta:
        constraints = [models.UniqueConstraint(name="seat_once", fields=["start", "number"])]


class CallbackAttempt(models.Model):
    """One try to call. Open while the adviser dials or talks."""

    class Outcome(models.TextChoices):
        SERVED = "served", _("Served")
        NO_ANSWER = "no_answer", _("No answer")
        BUSY = "busy", _("Busy")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        LATER = "later", _("Asked to call later")
        LOST = "lost", _("Interrupted")

    request = models.ForeignKey(CallbackRequest, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    adviser = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)

    class Meta:
        ordering = ["request_id", "number"]
        constraints = [
            models.UniqueConstraint(name="attempt_once", fields=["request", "number"]),
            models.UniqueConstraint(
                name="attempt_one_open", fields=["request"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="attempt_ended_with_outcome",
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
            ),
        ]


class Contact(models.Model):
    """One customer in the pool of work, from entering to the end."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Offered to an adviser")
        TALKING = "talking", _("In contact")
        ANSWERED = "answered", _("Answered")
        ABANDONED = "abandoned", _("Gave up")
        BLOCKED = "blocked", _("Not let in")
        CALLBACK = "callback", _("Chose a callback")

    OPEN = ("waiting", "offered", "talking")

    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    area = models.CharField(_("postal code"), max_length=20, blank=True)
    # The joint point in whose video room the customer sits, and where a visit is counted.
    point = models.ForeignKey(
        ServicePoint, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    urgent = models.BooleanField(default=False)
    # The place in the queue. A callback keeps the place of the queue that was left for it.
    entered_at = models.DateTimeField()
    # When it came into the pool: the day it counts on, and what its wait is measured from.
    came_at = models.DateTimeField(default=timezone.now)
    offered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # the customer's page was last heard
    adviser = models.ForeignKey(
        Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    # The request that is being kept, or that was chosen instead of waiting.
    callback = models.ForeignKey(
        CallbackRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    # A keyed hash of a number or browser, to count who tries again within a day; deleted then.
    caller = models.CharField(max_length=64, blank=True)
    redial = models.BooleanField(default=False)
    passed_over = models.PositiveSmallIntegerField(default=0)
    blocked_why = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                name="contact_room_by_video", condition=Q(point__isnull=True) | Q(channel="video")
            ),
            models.CheckConstraint(
                name="contact_state",
                condition=Q(
                    state__in=[
                        "waiting",
                        "offered",
                        "talking",
                        "answered",
                        "abandoned",
                        "blocked",
                        "callback",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="contact_adviser",
                condition=~Q(state__in=["offered", "talking", "answered"])
                | Q(adviser__isnull=False),
            ),
            models.CheckConstraint(
                name="contact_ended",
                condition=Q(state__in=["waiting", "offered", "talking"], ended_at__isnull=True)
                | Q(
                    state__in=["answered", "abandoned", "blocked", "callback"],
                    ended_at__isnull=False,
                ),
            ),
            models.UniqueConstraint(
                name="contact_one_per_adviser",
                fields=["adviser"],
                condition=Q(state__in=["offered", "talking"]),
            ),
            # Each try of a callback is a contact of its own, one after the other.
            models.UniqueConstraint(
                name="contact_one_per_callback",
                fields=["callback"],
                condition=Q(state__in=["waiting", "offered", "talking"]),
            ),
        ]
        indexes = [
            models.Index(
                name="contact_waiting", fields=["entered_at"], condition=Q(state="waiting")
            ),
            models.Index(name="contact_day", fields=["came_at", "channel"]),
            models.Index(
                name="contact_caller", fields=["caller", "came_at"], condition=~Q(caller="")
            ),
        ]


class AdviserState(models.Model):
    """What an adviser is doing on the remote channels. No row: not at work there."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        OFFERED = "offered", _("A contact is offered")
        IN_CONTACT = "in_contact", _("In contact")
        WRAP_UP = "wrap_up", _("Finishing notes")
        BREAK = "break", _("On a break")

    adviser = models.OneToOneField(
        Resource, primary_key=True, on_delete=models.CASCADE, related_name="remote_state"
    )
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    channels = models.JSONField(default=list)
    since = models.DateTimeField()
    wrap_until = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField()  # the desk page was last heard
    missed = models.PositiveSmallIntegerField(default=0)  # offers not taken, one after the other

    class Meta:
        verbose_name = _("adviser's state")
        verbose_name_plural = _("advisers' states")
        constraints = [
            models.CheckConstraint(
                name="adviser_state",
                condition=Q(state__in=["ready", "offered", "in_contact", "wrap_up", "break"]),
            )
        ]


class ChatLine(models.Model):
    """A line of text beside a call; deleted with the night."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="lines")
    from_customer = models.BooleanField()
    text = models.CharField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]


class DayBalance(models.Model):
    """A finished day of one channel: everybody who came, by how it ended. The database adds up.

    Waits are from coming to the answer, in seconds, over contacts; null where nobody was answered.
    ``waits`` by language: how many were answered, and their mean.
    """

    day = models.DateField()
    channel = models.CharField(max_length=10, choices=Channel)
    offered = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    abandoned = models.PositiveIntegerField()
    blocked = models.PositiveIntegerField()
    callbacks = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    redials = models.PositiveIntegerField()
    wait_mean_seconds = models.FloatField(null=True)
    wait_p90_seconds = models.FloatField(null=True)
    waits = models.JSONField(default=dict)

    class Meta:
        ordering = ["day", "channel"]
        verbose_name = _("balance of a day")
        verbose_name_plural = _("balances of days")
        constraints = [
            models.UniqueConstraint(name="balance_once", fields=["day", "channel"]),
            models.CheckConstraint(
                name="balance_holds",
                condition=Q(offered=F("answered") + F("abandoned") + F("blocked") + F("callbacks")),
            ),
            models.CheckConstraint(name="balance_in_time", condition=Q(in_time__lte=F("answered"))),
        ]


class Watch(models.Model):
    """Since when pages were listened to without a hole: only then is silence a sign of loss."""

    since = models.DateTimeField()
    last = models.DateTimeField()


class RecentAsk(models.Model):
    """That somebody asked within the last hour: a keyed hash of a browser, an address or a number,
    so that nobody can fill the list of calls. Deleted after the hour.
    """

    who = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="recent_ask", fields=["who", "at"])]


class ContactNotes(models.Model):
    """What the adviser wrote about a contact; deleted with the names of customers."""

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.CASCADE, related_name="notes"
    )
    adviser = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
