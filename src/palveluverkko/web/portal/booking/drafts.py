"""What a visitor holds and has typed, kept in their session until booked or for a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from palveluverkko.booking.models import Booking
from palveluverkko.booking.wishes import Wish, wish_of

KEPT_FOR = timedelta(days=1)
HELD, VISITOR = "booking_drafts", "booking_visitor"

Text = dict[str, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """``key``: that of the hold, with which a repeated request finds it; ``text``: by field."""

    key: str
    text: Mapping[str, str]


def visitor(session: SessionBase) -> str:
    """An opaque name of this browser, so that one cannot keep every time of a day."""
    if VISITOR not in session:
        session[VISITOR] = token_urlsafe(12)
    return str(session[VISITOR])


def remember(session: SessionBase, token: str, key: str, text: Text, now: datetime) -> None:
    """The visitor holds the booking ``token`` and has typed ``text`` so far."""
    drafts = _fresh(session, now)
    drafts[token] = {"key": key, "text": text, "at": now.timestamp()}
    session[HELD] = drafts
    # Typed text is personal: where the visitor goes away, the whole session is over in a day.
    if "_auth_user_id" not in session:
        session.set_expiry(int(KEPT_FOR.total_seconds()))


def draft_of(session: SessionBase, token: str, now: datetime) -> Draft | None:
    """What the visitor knows of the booking ``token``; None where it is not theirs."""
    found = _fresh(session, now).get(token)
    return Draft(found["key"], found["text"]) if found else None


def held_before(session: SessionBase, wish: Wish, now: datetime) -> Booking | None:
    """The very time, kept for this visitor already: in another tab, or before going back."""
    begun = Booking.objects.filter(
        token__in=_fresh(session, now),
        state=Booking.State.HELD,
        hold_until__gt=now,
        start=wish.start,
    )
    return next((booking for booking in begun if wish_of(booking) == wish), None)


def from_page(session: SessionBase, key: str, now: datetime) -> dict[str, Draft]:
    """Bookings, by token, that the visitor began on the page that ``key`` begins with."""
    page = key.split(":")[0]
    rows = _fresh(session, now)
    return {
        token: Draft(row["key"], row["text"])
        for token, row in rows.items()
        if row["key"].split(":")[0] == page
    }


def take_text(session: SessionBase, now: datetime) -> Text:
    """What was typed last for a booking that was not finished; it moves along to another."""
    drafts = _fresh(session, now)
    for row in sorted(drafts.values(), key=lambda row: row["at"], reverse=True):
        if row["text"]:
            text: Text = row["text"]
            row["text"] = {}
            session[HELD] = drafts
            return text
    return {}


def forget_text(session: SessionBase, token: str, now: datetime) -> None:
    """Booked: what was typed is in the booking now. That it was ours is still known for a day."""
    drafts = _fresh(session, now)
    if token in drafts:
        drafts[token]["text"] = {}
        session[HELD] = drafts


def tokens(session: SessionBase, since: datetime, now: datetime) -> list[str]:
    """What the visitor held or sent since then."""
    return [t for t, row in _fresh(session, now).items() if row["at"] >= since.timestamp()]


def _fresh(session: SessionBase, now: datetime) -> dict[str, dict[str, Any]]:
    oldest = (now - KEPT_FOR).timestamp()
    return {t: row for t, row in session.get(HELD, {}).items() if row["at"] >= oldest}
