"""A customer whose time cannot be kept asks to be called instead of choosing another one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from palveluverkko.booking.events import done_before, note
from palveluverkko.booking.models import Affected, Booking


def ask_for_call(booking: Booking) -> None:
    """Put the booking back among those to be called. Again: nothing more happens."""
    with transaction.atomic():
        found = Booking.objects.select_for_update().get(pk=booking.pk)
        rows = list(found.affected.filter(state__in=Affected.TO_DO))
        for row in rows:
            row.state, row.note = Affected.State.OPEN, _("The customer asks to be called.")
            row.save(update_fields=["state", "note", "changed_at"])
        key = f"call:{found.pk}:v{found.version}"
        if rows and done_before(key) is None:
            note(found, "asks for a call", key=key)


def has_asked_for_call(booking: Booking) -> bool:
    return done_before(f"call:{booking.pk}:v{booking.version}") is not None
