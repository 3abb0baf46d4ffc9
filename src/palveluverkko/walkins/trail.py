"""The audit trail of tickets, open desks and tallies: what was done and by whom of the staff.

Nothing of it tells who the customer was: a ticket has no name, and its number to text to, its
secret and the key of its taking are left out.
"""

from __future__ import annotations

from auditlog.registry import auditlog

from palveluverkko.walkins.models import DeskSession, Tally, Ticket

# ``passed_over`` is counted with every call of somebody else.
LEFT_OUT = ["phone", "token", "key", "passed_over"]


def start() -> None:
    auditlog.register(Ticket, exclude_fields=LEFT_OUT)
    for model in (DeskSession, Tally):
        auditlog.register(model)
