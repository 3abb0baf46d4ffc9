"""What can go wrong in the pool of remote work; nothing was changed then."""

from __future__ import annotations


class PoolError(Exception):
    """The verb was refused."""


class ContactUnknown(PoolError):
    """There is no such contact."""


class ServiceUnknown(PoolError):
    """There is no such service, or the agency does not serve in this language."""


class NotPossible(PoolError):
    """The contact's ``state`` does not allow ``verb``: somebody was quicker, or it has ended."""

    def __init__(self, contact_id: int, state: str, verb: str) -> None:
        self.contact_id, self.state, self.verb = contact_id, state, verb
        super().__init__(f"contact {contact_id} is {state}: no {verb}")


class NotYours(PoolError):
    """The contact is offered to, or talks with, another adviser."""


class NotAtWork(PoolError):
    """The adviser has not begun work on the remote channels."""


class StillBusy(PoolError):
    """The adviser has a customer: finish first."""


class NotAnAdviser(PoolError):
    """Nobody by this number serves customers."""
