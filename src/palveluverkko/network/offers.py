"""The verb that changes which services a point gives, and how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from palveluverkko.network.models import ServiceOffer
from palveluverkko.network.saving import end_before, locked_point, saved


@dataclass(frozen=True, slots=True)
class OffersChange:
    """What :func:`set_offers` did: rows ended the day before, rows dropped, rows added."""

    ended: int
    dropped: int
    added: tuple[ServiceOffer, ...]


@transaction.atomic
def set_offers(point_id: str, offers: Iterable[tuple[str, str]], since: date) -> OffersChange:
    """Replace all that the point offers from ``since`` on by pairs of service code and mode.

    Earlier days answer as they did; rows that would have begun later are dropped. A pair given
    twice counts once; no pairs at all is allowed.

    Raises :class:`PointUnknown`, :class:`EntryInvalid`.
    """
    point = locked_point(point_id)
    ended, dropped = end_before(point.offers.all(), since)
    added = tuple(
        saved(ServiceOffer(point=point, service_id=service, mode=mode, valid_from=since))
        for service, mode in dict.fromkeys(offers)
    )
    return OffersChange(ended, dropped, added)
