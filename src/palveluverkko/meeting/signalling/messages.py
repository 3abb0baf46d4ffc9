"""What a page in a meeting may say: checked for size, type, role and content.

Words to one other carry ``to``, the number of a seat. Who a word is ``from`` the server says.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from palveluverkko.contact.signalling.messages import (
    MOST_BYTES,
    MOST_CHAT,
    MOST_NOTES,
    Ident,
    MessageRefused,
    Text,
)
from palveluverkko.contact.signalling.sdp import is_candidate, is_description
from palveluverkko.meeting.models import SEATS, Seat

MOST_CAPTION = 300
Number = Annotated[int, Field(ge=1, le=SEATS)]


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hello(Message):
    """The first of every connection. ``room``: the meeting that the page is for; it opens nothing,
    but a browser that has gone on to another meeting does not come into that by an old page.
    """

    type: Literal["hello"]
    page: Ident
    room: Annotated[str, Field(max_length=40)]


class Ping(Message):
    type: Literal["ping"]


class Here(Message):
    """My window, ready to be called; ``lost``: it gets nothing any more."""

    type: Literal["here"]
    to: Number
    page: Ident
    lost: bool = False


class Description(Message):
    """An offer or an answer. The lower seat offers, so that two offers never cross."""

    type: Literal["offer", "answer"]
    to: Number
    peer: Ident
    page: Ident | None = None
    sdp: Annotated[str, Field(max_length=60_000)]

    @field_validator("sdp")
    @classmethod
    def _described(cls, sdp: str) -> str:
        if not is_description(sdp):
            raise ValueError("not a session description")
        return sdp


class Candidate(Message):
    type: Literal["candidate"]
    to: Number
    peer: Ident
    candidate: Annotated[str, Field(max_length=1_000)]
    mid: Annotated[str, Field(max_length=64)] | None = None
    line: Annotated[int, Field(ge=0, le=64)] | None = None

    @field_validator("candidate")
    @classmethod
    def _a_way(cls, candidate: str) -> str:
        if not is_candidate(candidate):
            raise ValueError("not a candidate")
        return candidate


class Me(Message):
    """What I send now: the others' pages show it. ``lean``: send me sound only."""

    type: Literal["me"]
    microphone: bool
    camera: bool
    shows: Literal["", "screen", "document"] = ""
    lean: bool = False


class Caption(Message):
    """What I say, recognised in my own browser; kept nowhere."""

    type: Literal["caption"]
    text: Annotated[Text, Field(max_length=MOST_CAPTION)]
    final: bool = False


class Chat(Message):
    """``number``: how many lines this seat has written, so that one sent twice is kept once."""

    type: Literal["chat"]
    number: Annotated[int, Field(ge=1, le=1_000)]
    text: Annotated[Text, Field(min_length=1, max_length=MOST_CHAT)]


class Go(Message):
    """Out, or back to the door."""

    type: Literal["leave", "join"]


class OnHost(Message):
    type: Literal["ask_in", "send_out"]
    number: Number


class OnSeat(Message):
    type: Literal["admit", "refuse", "remove"]
    number: Number


class End(Message):
    """For everybody. ``served``: the booking is finished in the same press."""

    type: Literal["end"]
    served: bool = False


class Notes(Message):
    type: Literal["notes"]
    text: Annotated[Text, Field(max_length=MOST_NOTES)]


_Anybody = Hello | Ping | Here | Description | Candidate | Me | Caption | Chat | Go
_others: TypeAdapter[Any] = TypeAdapter(Annotated[_Anybody, Field(discriminator="type")])
_customer: TypeAdapter[Any] = TypeAdapter(Annotated[_Anybody | OnHost, Field(discriminator="type")])
_adviser: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Anybody | OnHost | OnSeat | End | Notes, Field(discriminator="type")]
)
_BY_ROLE = {Seat.Role.ADVISER.value: _adviser, Seat.Role.CUSTOMER.value: _customer}


def read(text: str, role: str) -> Message:
    """The message of a page in this role. Raises :class:`MessageRefused`."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise MessageRefused("too_large")
    try:
        message: Message = _BY_ROLE.get(role, _others).validate_json(text)
    except ValidationError as error:
        raise MessageRefused(_why(error)) from None
    return message


def check_way(message: Description, own: int) -> None:
    """Raises :class:`MessageRefused` where the other seat is the one to offer, or to answer."""
    if (message.type == "offer") != (own < message.to):
        raise MessageRefused("not_allowed")


def _why(error: ValidationError) -> str:
    """A code; the text itself, which may be anything, goes no further."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any("sdp" in part["loc"] or "candidate" in part["loc"][1:] for part in found):
        return "not_sdp"
    if any(part["type"] == "union_tag_invalid" for part in found):
        return "not_allowed"
    return "malformed"
