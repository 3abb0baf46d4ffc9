"""The pool's house-keeping: a look every few seconds, and what each night must do."""

from __future__ import annotations

from palveluverkko.contact import balance, silence
from palveluverkko.messages.jobs import periodic


@periodic(seconds=5)
def watch_pool() -> None:
    """See :func:`silence.watch`."""
    silence.watch()


@periodic(seconds=3600)
def end_days() -> None:
    """Hourly: the agency's night is not the server's. Days are closed and recorded once over."""
    balance.close_past_days()
    balance.forget_callers()
    balance.forget_chats()
