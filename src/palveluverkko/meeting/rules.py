"""Who comes in and who waits. No database is needed to know it."""

from __future__ import annotations

ADVISER, CUSTOMER, HOST = "adviser", "customer", "host"


def comes_in(role: str, *, adviser_inside: bool, admitted: bool, may_enter: bool) -> bool:
    """Whether somebody who joins goes straight in; else they are in the waiting room.

    The adviser opens the meeting. The customer needs no press, it is their meeting; the others
    are let in once and may come back. A host is asked in, each time, and a customer who was taken
    out waits for the adviser.
    """
    if role == ADVISER:
        return True
    if not may_enter:
        return False
    return adviser_inside and (admitted or role in (CUSTOMER, HOST))


def may_ask_in(role: str) -> bool:
    """Who may ask the host of a service point in, and send them out again."""
    return role in (ADVISER, CUSTOMER)
