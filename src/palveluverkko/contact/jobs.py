"""The pool's house-keeping: a look every few seconds, and what each night must do."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone

from palveluverkko.contact import balance, silence
from palveluverkko.contact.rows import agency_day
from palveluverkko.messages.jobs import periodic

logger = logging.getLogger(__name__)


@periodic(seconds=5)
def watch_pool() -> None:
    """See :func:`silence.watch`."""
    silence.watch()


@periodic(seconds=3600)
def end_days() -> None:
    """Hourly: the agency's night is not the server's. Days are closed and recorded once over."""
    balance.close_past_days()
    yesterday = agency_day(timezone.now()) - timedelta(days=1)
    for row in balance.unbalanced(yesterday, yesterday):
        logger.error("The day %s of %s does not add up any more", row.day, row.channel)
    balance.forget_callers()
    balance.forget_chats()
