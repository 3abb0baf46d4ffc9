"""Tables of video rooms at joint points: keys, the devices they unlocked, customers' turns.

Only hashes of keys and of devices' cookies are kept. Nothing here names a customer.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import Booking, Resource
from palveluverkko.contact.models import Contact


class RoomKey(models.Model):
    """What a joint point's staff open its video room with; shown once, when it is made."""

    room = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="room_keys")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["room_id", "-made_at"]
        verbose_name = _("key of a video room")
        verbose_name_plural = _("keys of video rooms")


class RoomDevice(models.Model):
    """A browser that a key has unlocked: the screen in the room, or the staff's own computer."""

    class Kind(models.TextChoices):
        ROOM = "room", _("Screen in the video room")
        HOST = "host", _("Computer of the staff")

    key = models.ForeignKey(RoomKey, on_delete=models.CASCADE, related_name="devices")
    kind = models.CharField(max_length=4, choices=Kind)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(name="room_device_kind", condition=Q(kind__in=["room", "host"]))
        ]


class RoomTurn(models.Model):
    """One customer alone in a room, from the host's press to the end. One at a time in each room.

    ``booking``: the booked meeting that it is for; without one, ``contact`` is the place in the
    queue once the customer has asked for an adviser.
    """

    class Ended(models.TextChoices):
        DONE = "done", _("The meeting is over")
        IDLE = "idle", _("Nobody was there")
        HOST = "host", _("Ended by the staff")
        KEY = "key", _("The key was revoked")

    room = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="room_turns")
    device = models.ForeignKey(RoomDevice, on_delete=models.CASCADE, related_name="turns")
    booking = models.ForeignKey(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # The customer or the adviser wants the host in the room; when, and when the host answered.
    host_asked_at = models.DateTimeField(null=True, blank=True)
    host_answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=4, choices=Ended, blank=True)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                name="room_one_turn", fields=["room"], condition=Q(ended_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="room_turn_booking",
                fields=["booking"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="room_turn_for_one", condition=Q(booking=None) | Q(contact=None)
            ),
            models.CheckConstraint(
                name="room_turn_ended_why",
                condition=Q(ended_at__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False) & ~Q(ended_why="")),
            ),
        ]
