"""The outbox's tables: messages and their enclosures, promises, and when each job ran."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    LETTER = "letter", _("letter")


class State(models.TextChoices):
    QUEUED = "queued", _("waiting to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")
    UNCLEAR = "unclear", _("perhaps sent")
    CANCELLED = "cancelled", _("cancelled before it was sent")


class Message(models.Model):
    """One message to one person about one event; the event's name keeps it from going out twice.

    ``claimed_by`` names the attempt that holds the message, ``adapter`` what it was handed to.
    ``unwanted`` is a cancellation that came while an attempt was on its way. ``resends`` counts
    how often a person asked for it again. After ``forgotten_at`` no personal data is left.
    """

    event = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    address = models.TextField()
    language = models.CharField(max_length=10)
    subject = models.TextField(blank=True)
    text = models.TextField()
    about = models.CharField(max_length=100, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    resends = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    adapter = models.CharField(max_length=20, blank=True)
    unwanted = models.BooleanField(default=False)
    why = models.CharField(max_length=30, blank=True)  # a code of reasons.py
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="message_due")]
        constraints = [
            models.CheckConstraint(name="message_channel", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="message_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="message_sent_at", condition=~Q(state="sent") | Q(sent_at__isnull=False)
            ),
        ]


class Enclosure(models.Model):
    """A file that goes with a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="enclosures")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("enclosure")
        verbose_name_plural = _("enclosures")


class PromiseState(models.TextChoices):
    DUE = "due", _("due")
    DONE = "done", _("kept")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Promise(models.Model):
    """Something owed to a person at a time: a reminder, an offer, a call back.

    It stays due until its handler has run to the end. ``next_attempt_at`` begins as ``due_at``
    and moves on with every attempt.
    """

    kind = models.CharField(max_length=50)
    ref = models.CharField(max_length=100)
    key = models.CharField(max_length=200, unique=True)
    due_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=PromiseState, default=PromiseState.DUE)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        indexes = [models.Index(fields=["state", "next_attempt_at"], name="promise_due")]
        constraints = [
            models.CheckConstraint(name="promise_state", condition=Q(state__in=PromiseState.values))
        ]


class JobRun(models.Model):
    """When a periodic job ran last, and who may run it now."""

    name = models.CharField(max_length=200, primary_key=True)
    last_run_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
