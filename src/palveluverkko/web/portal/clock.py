"""The instant that the customers' pages are made for."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Now, aware. A function of this module, so that a test can set the clock."""
    return timezone.now()
