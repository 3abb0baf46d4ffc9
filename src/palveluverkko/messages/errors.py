"""What can go wrong between the outbox and a person."""

from __future__ import annotations

from datetime import timedelta

from palveluverkko.messages.reasons import Why


class NotSent(Exception):
    """An attempt failed, and it is certain that nothing went out."""

    why = Why.UNREACHABLE

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class TryLater(NotSent):
    """The service is away, busy or set up wrongly; the message itself is sound."""

    def __init__(self, detail: str, after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.after = after  # how long the service asks us to wait


class Refused(NotSent):
    """This message will never be taken as it is."""

    why = Why.REFUSED


class BadAddress(Refused):
    why = Why.BAD_ADDRESS


class OutcomeUnknown(Exception):
    """The attempt broke off after the message was handed over: perhaps it went out."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class CannotResend(Exception):
    """The message is on its way already, or its text has been deleted."""

    def __init__(self, message_id: int, forgotten: bool) -> None:
        super().__init__(f"message {message_id} cannot be sent again")
        self.message_id = message_id
        self.forgotten = forgotten
