"""What can go wrong with a callback request. Nothing was changed; each error says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from palveluverkko.contact.windows import Offered


class CallbackError(Exception):
    """A request that cannot be made or changed as asked."""


class AskInvalid(CallbackError):
    """What the customer typed breaks a rule; ``messages`` by field, in the language in use."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)
        super().__init__("; ".join(self.messages))


class NotGiven(CallbackError):
    """There is no such service, or the agency does not serve in this language."""


class WindowTaken(CallbackError):
    """None of the wished windows can be promised any more; ``nearest`` are some that can."""

    def __init__(self, nearest: Sequence[Offered] = ()) -> None:
        self.nearest = tuple(nearest)
        super().__init__(f"{len(self.nearest)} other windows")


class TooManyAsks(CallbackError):
    """More requests within the hour than one browser, address or number may make."""


class RequestUnknown(CallbackError):
    """There is no such request."""


class NotOpenAnyMore(CallbackError):
    """The request is being called, served or cancelled; ``state`` says which."""

    def __init__(self, state: str) -> None:
        self.state = state
        super().__init__(state)


class NotForYou(CallbackError):
    """The adviser has not the competence or the language."""


class AlreadyTaken(CallbackError):
    """A colleague was quicker, or the request is not due any more."""


class StillCalling(CallbackError):
    """The adviser is in contact with somebody: finish first."""


class LaterImpossible(CallbackError):
    """The time to call later is over, too far ahead, or at night."""


class DialFailed(CallbackError):
    """The exchange did not take the call: dial by hand."""
