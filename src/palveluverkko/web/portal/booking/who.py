"""Who books: a customer for themselves, or an adviser or a partner for somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from palveluverkko.booking.models import Booking, Resource
from palveluverkko.booking.roles import Role

Via = Booking.Via


@dataclass(frozen=True, slots=True)
class Booker:
    """``user`` is None for a customer, also for one who has signed in as something else."""

    via: str = Via.WEB
    user: Any = None

    @property
    def for_others(self) -> bool:
        return self.via in (Via.ADVISER, Via.PARTNER)

    @property
    def is_partner(self) -> bool:
        return self.via == Via.PARTNER


def booker_of(request: HttpRequest) -> Booker:
    user = request.user
    if not user.is_authenticated:
        return Booker()
    if Resource.objects.filter(user=user, kind=Resource.Kind.ADVISER).exists():
        return Booker(Via.ADVISER, user)
    if user.groups.filter(name=Role.PARTNER.value).exists():
        return Booker(Via.PARTNER, user)
    return Booker()
