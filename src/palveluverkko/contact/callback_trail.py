"""The audit trail of callback requests: what changed and who looked, not who the customer is."""

from __future__ import annotations

from auditlog.registry import auditlog

from palveluverkko.contact.models import CallbackRequest

PERSONAL = ("name", "phone", "matter", "notes", "area", "token", "key")


def start() -> None:
    auditlog.register(CallbackRequest, exclude_fields=list(PERSONAL))
