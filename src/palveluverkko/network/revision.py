"""The change counter: what a cached assessment is compared with."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from palveluverkko.network.models import Revision
from palveluverkko.network.moment import look_again, once


@once
def current() -> int:
    """The number of the last change of register or weekly demand; 0 before the first."""
    return Revision.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def bump(**_signal: object) -> None:
    """Count a change. Called inside the transaction that makes it; also a signal receiver."""
    with transaction.atomic():
        if not Revision.objects.filter(pk=1).update(number=F("number") + 1):
            Revision.objects.get_or_create(pk=1, defaults={"number": 1})
    look_again()
