"""The verbs of a video room: unlock a device, begin a customer's turn, end it, lock again.

The staff unlock the room's screen with the key and begin a turn; from then on the device is the
customer's alone, until the turn ends and the device is locked. All verbs may be repeated.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from palveluverkko.booking.locks import take_turns
from palveluverkko.booking.models import Booking, Claim
from palveluverkko.meeting.room_ends import let_go, let_host_in
from palveluverkko.meeting.room_keys import RoomError, Trying, hashed, key_of
from palveluverkko.meeting.room_models import RoomDevice, RoomKey, RoomTurn

# An unlocked screen with nobody in front of it must not show the day for long.
SCREEN_IDLE = timedelta(minutes=5)
# The staff's own computer is theirs for the day.
HOST_DAY = timedelta(hours=12)
# A turn whose page is closed: the browser crashed, or somebody pulled the plug.
TURN_SILENT = timedelta(minutes=3)
SEEN_EVERY = timedelta(seconds=20)
SECRET_BYTES = 24

Kind, Ended = RoomDevice.Kind, RoomTurn.Ended

# Who is not limited: the caller knows no browser and no address.
NOBODY = Trying()


class RoomTaken(RoomError):
    """Somebody else's turn goes on in the room."""


class NotInRoom(RoomError):
    """The booking is not for this room, or not to be kept any more."""


@transaction.atomic
def revoke_key(key_id: int, *, now: datetime | None = None) -> RoomKey | None:
    """The key opens nothing any more, and what it opened is locked at once; again: no more.

    ``None``: no such key.
    """
    moment = now or timezone.now()
    key = RoomKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None or key.revoked_at is not None:
        return key
    key.revoked_at = moment
    key.save(update_fields=["revoked_at"])
    for turn in RoomTurn.objects.filter(device__key=key, ended_at=None):
        end_turn(turn.pk, Ended.KEY, now=moment)
    key.devices.filter(closed_at=None).update(closed_at=moment)
    return key


def unlock(
    typed: str, kind: str, *, by: Trying = NOBODY, now: datetime | None = None
) -> tuple[RoomDevice, str]:
    """The device and the secret for its cookie. Raises :class:`KeyRefused`, :class:`TooManyTries`.

    Not one transaction: a wrong key must be counted though it is refused.
    """
    moment = now or timezone.now()
    key = key_of(typed, by=by, now=moment)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        RoomKey.objects.filter(pk=key.pk).update(used_at=moment)
        device = RoomDevice.objects.create(
            key=key,
            kind=Kind(kind),
            secret_hash=hashed("device", secret),
            opened_at=moment,
            seen_at=moment,
        )
    return device, secret


def ever_opened(secret: str) -> int | None:
    """The device that the secret opened once, locked or not: it says nothing of what is open."""
    if not secret:
        return None
    found = RoomDevice.objects.filter(secret_hash=hashed("device", secret))
    return found.values_list("pk", flat=True).first()


def device_of(secret: str, *, now: datetime | None = None) -> RoomDevice | None:
    """The unlocked device of this cookie; ``None`` where it is locked, whatever the reason."""
    if not secret:
        return None
    moment = now or timezone.now()
    rows = RoomDevice.objects.select_related("key__room__point").filter(
        secret_hash=hashed("device", secret), closed_at=None, key__revoked_at=None
    )
    device = rows.first()
    if device is None or _has_run_out(device, moment):
        return None
    if moment - device.seen_at > SEEN_EVERY:
        RoomDevice.objects.filter(pk=device.pk).update(seen_at=moment)
        RoomTurn.objects.filter(device=device, ended_at=None).update(seen_at=moment)
    return device


def lock(device_id: int, *, now: datetime | None = None) -> None:
    """The staff leave the device; a turn on it is not touched."""
    rows = RoomDevice.objects.filter(pk=device_id, closed_at=None)
    rows.update(closed_at=now or timezone.now())


def turn_on(device: RoomDevice) -> RoomTurn | None:
    """The customer's turn that goes on at this device."""
    return RoomTurn.objects.filter(device=device, ended_at=None).first()


def turn_in(room_id: int) -> RoomTurn | None:
    """The turn that goes on in the room, at whatever device."""
    rows = RoomTurn.objects.select_related("device", "booking", "contact")
    return rows.filter(room=room_id, ended_at=None).first()


@transaction.atomic
def begin_turn(
    device: RoomDevice, booking_id: int | None, *, now: datetime | None = None
) -> RoomTurn:
    """The room is the customer's from now on; the same again gives the turn that goes on.

    Raises :class:`RoomTaken`, and :class:`NotInRoom` for a booking that is not for this room.
    """
    moment = now or timezone.now()
    room_id = device.key.room_id
    take_turns(f"video room {room_id}")
    there = turn_in(room_id)
    if there is not None:
        if (there.device_id, there.booking_id) == (device.pk, booking_id):
            return there
        raise RoomTaken
    if booking_id is not None and not _is_for_room(booking_id, room_id):
        raise NotInRoom
    try:
        with transaction.atomic():
            return RoomTurn.objects.create(
                room_id=room_id,
                device=device,
                booking_id=booking_id,
                begun_at=moment,
                seen_at=moment,
            )
    except IntegrityError as quicker:
        raise RoomTaken from quicker


@transaction.atomic
def end_turn(turn_id: int, why: str, *, now: datetime | None = None) -> bool:
    """The room is free and its screen locked; what let the customer in is worthless from now on.

    False where it had ended already.
    """
    moment = now or timezone.now()
    rows = RoomTurn.objects.filter(pk=turn_id, ended_at=None)
    if not rows.update(ended_at=moment, ended_why=Ended(why)):
        return False
    turn = RoomTurn.objects.get(pk=turn_id)
    lock(turn.device_id, now=moment)
    let_go(turn, moment)
    return True


def sweep(now: datetime | None = None) -> int:
    """End turns whose page is gone, and lock screens that nobody uses; how many were changed."""
    moment = now or timezone.now()
    silent = RoomTurn.objects.filter(ended_at=None, seen_at__lte=moment - TURN_SILENT)
    ended = sum(end_turn(pk, Ended.IDLE, now=moment) for pk in silent.values_list("pk", flat=True))
    idle = RoomDevice.objects.filter(
        closed_at=None, kind=Kind.ROOM, seen_at__lte=moment - SCREEN_IDLE
    ).exclude(turns__ended_at=None, turns__isnull=False)
    old = RoomDevice.objects.filter(
        closed_at=None, kind=Kind.HOST, opened_at__lte=moment - HOST_DAY
    )
    return ended + idle.update(closed_at=moment) + old.update(closed_at=moment)


def forget(now: datetime | None = None) -> int:
    """Delete old turns and devices, and keys that opened nothing for as long; how many."""
    over = (now or timezone.now()) - timedelta(days=settings.BOOKING_DAYS)
    turns = RoomTurn.objects.filter(ended_at__lt=over).delete()[0]
    devices = RoomDevice.objects.filter(closed_at__lt=over, turns=None).delete()[0]
    keys = RoomKey.objects.filter(revoked_at__lt=over, devices=None).delete()[0]
    return turns + devices + keys


def ask_host(turn_id: int, *, now: datetime | None = None) -> None:
    """The staff's computer rings until somebody there answers; asked again, it rings again."""
    rows = RoomTurn.objects.filter(pk=turn_id, ended_at=None)
    if rows.update(host_asked_at=now or timezone.now(), host_answered_at=None):
        let_host_in(rows.get())


def follow_host(turn: RoomTurn, *, asked: bool, now: datetime | None = None) -> None:
    """The meeting's adviser or customer has asked the host in, or sent them out again."""
    if asked and turn.host_asked_at is None:
        ask_host(turn.pk, now=now)
    elif not asked and turn.host_asked_at is not None:
        rows = RoomTurn.objects.filter(pk=turn.pk)
        rows.update(host_asked_at=None, host_answered_at=None)


def answer_host(turn_id: int, *, now: datetime | None = None) -> None:
    """The host is coming: the ringing stops."""
    rows = RoomTurn.objects.filter(pk=turn_id, ended_at=None, host_asked_at__isnull=False)
    rows.update(host_answered_at=now or timezone.now())


def _has_run_out(device: RoomDevice, now: datetime) -> bool:
    if device.kind == Kind.HOST:
        return now - device.opened_at > HOST_DAY
    return now - device.seen_at > SCREEN_IDLE and turn_on(device) is None


def _is_for_room(booking_id: int, room_id: int) -> bool:
    open_states = (Booking.State.CONFIRMED, Booking.State.ARRIVED, Booking.State.SERVING)
    return Claim.objects.filter(
        booking_id=booking_id, resource_id=room_id, booking__state__in=open_states
    ).exists()
