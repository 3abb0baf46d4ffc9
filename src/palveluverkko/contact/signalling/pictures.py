"""What each open page is to show, read from the records in one go for all pages of a process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from palveluverkko.contact.models import AdviserState, Channel, Contact
from palveluverkko.contact.notes import text_of
from palveluverkko.contact.signalling.waits import Minutes

Picture = dict[str, Any]
State = Contact.State


@dataclass(frozen=True, slots=True)
class Pictures:
    """By contact and by adviser. A contact that is not here has ended or never was."""

    customers: Mapping[int, Picture] = field(default_factory=dict)
    advisers: Mapping[int, Picture] = field(default_factory=dict)


def pictures_of(
    contacts: Set[int], advisers: Collection[int], minutes: Mapping[int, Minutes]
) -> Pictures:
    """These contacts' and advisers' pages as they are now; ``minutes``: what waits are known."""
    return Pictures(
        _customers(contacts, minutes) if contacts else {},
        {pk: _adviser(pk, row) for pk, row in _advisers(advisers).items()},
    )


def _customers(wanted: Set[int], minutes: Mapping[int, Minutes]) -> dict[int, Picture]:
    """Ended ones too: their pages are told. One reading of the queue places everybody."""
    rows = Contact.objects.filter(state__in=Contact.OPEN).order_by("entered_at", "pk")
    found: dict[int, Picture] = {}
    before = 0
    for pk, state in rows.values_list("pk", "state"):
        if state == State.TALKING:
            found[pk] = {"state": state}
            continue
        # An offer that a colleague must take after all would look like moving back in the queue.
        wait = (0, 0) if state == State.OFFERED else minutes.get(pk)
        found[pk] = {"state": "waiting", "before": before, "wait": wait}
        before += 1
    if missing := wanted - found.keys():
        ended = Contact.objects.filter(pk__in=missing).order_by()
        found |= {pk: {"state": state} for pk, state in ended.values_list("pk", "state")}
    return found


def _advisers(wanted: Collection[int]) -> dict[int, Picture]:
    states = {row.adviser_id: row for row in AdviserState.objects.filter(adviser__in=wanted)}
    held = Contact.objects.filter(adviser__in=wanted, state__in=(State.OFFERED, State.TALKING))
    contacts = {c.adviser_id: c for c in held}
    waiting = Contact.objects.filter(state=State.WAITING).count() if wanted else 0
    return {
        pk: {
            "state": states[pk].state if pk in states else "off",
            "channels": states[pk].channels if pk in states else None,
            "contact": _held(contacts.get(pk)),
            "waiting": waiting,
        }
        for pk in wanted
    }


def _held(contact: Contact | None) -> Picture | None:
    if contact is None:
        return None
    return {
        "id": contact.pk,
        "state": str(contact.state),
        "channel": contact.channel,
        "service": contact.service_id,
        "language": contact.language,
        "urgent": contact.urgent,
        "since": contact.came_at.isoformat(),
        "callback": contact.callback_id,
    }


def _adviser(pk: int, picture: Picture) -> Picture:
    """With the last contact while its notes are being finished."""
    if picture["state"] != AdviserState.State.WRAP_UP:
        return picture
    last = Contact.objects.filter(adviser=pk, ended_at__isnull=False).order_by("-ended_at").first()
    held = _held(last)
    if held is not None and last is not None and last.channel == Channel.VIDEO:
        held["notes"] = text_of(last.pk)  # written in the video room so far
    return picture | {"contact": held}
