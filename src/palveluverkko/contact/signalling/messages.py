"""What a page may say: one JSON object a message, checked for size, type, role and content."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from palveluverkko.contact.signalling.sdp import is_candidate, is_description

MOST_BYTES = 64 * 1024
MOST_CHAT = 2_000
MOST_NOTES = 20_000

# PostgreSQL keeps no zero character.
Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]
Ident = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,40}$")]


class MessageRefused(Exception):
    """The message was not taken; ``code`` says why, in the page's own words."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Hello(Message):
    """The first of every connection. ``page`` names the window, which keeps it when it returns."""

    type: Literal["hello"]
    page: Ident
    token: Annotated[str, Field(max_length=40)] = ""


class Ping(Message):
    """I am still here."""

    type: Literal["ping"]


class Here(Message):
    """The customer's window is ready to be called; ``lost``: it hears nothing any more."""

    type: Literal["here"]
    page: Ident
    lost: bool = False


class Description(Message):
    """An offer by the adviser's page, or the customer's answer; ``peer`` names the connection.

    ``page``: the window that answers, so that the adviser's notices when it is another one.
    """

    type: Literal["offer", "answer"]
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


class Switch(Message):
    """The microphone is off, or little is to be sent: the other page shows it, or does the same."""

    type: Literal["muted", "lean"]
    on: bool


class Chat(Message):
    """``number``: how many lines this side has written, so that one sent twice is kept once."""

    type: Literal["chat"]
    number: Annotated[int, Field(ge=1, le=1_000)]
    text: Annotated[Text, Field(min_length=1, max_length=MOST_CHAT)]


class Leave(Message):
    """The customer hangs up, or leaves the queue."""

    type: Literal["leave"]


class Work(Message):
    """The adviser pauses, or goes."""

    type: Literal["break", "stop"]


class Channels(Message):
    """The adviser begins, ends a break or the notes; or, at work, takes other channels.

    ``channels``: what is to be offered from now on; none named is all that the page can do.
    """

    type: Literal["ready", "channels"]
    channels: (
        Annotated[list[Literal["web_call", "video", "callback"]], Field(min_length=1, max_length=3)]
        | None
    ) = None


class OnContact(Message):
    """The adviser takes, declines or ends the contact."""

    type: Literal["accept", "decline", "finish"]
    contact: Annotated[int, Field(ge=1, lt=2**63)]


class Notes(Message):
    type: Literal["notes"]
    contact: Annotated[int, Field(ge=1, lt=2**63)]
    text: Annotated[Text, Field(max_length=MOST_NOTES)]


FromCustomer = Annotated[
    Hello | Ping | Here | Description | Candidate | Switch | Chat | Leave,
    Field(discriminator="type"),
]
FromDesk = Annotated[
    Hello | Ping | Description | Candidate | Switch | Chat | Work | Channels | OnContact | Notes,
    Field(discriminator="type"),
]
_customer: TypeAdapter[Message] = TypeAdapter(FromCustomer)
_desk: TypeAdapter[Message] = TypeAdapter(FromDesk)
# Who calls and who answers never changes, so that two offers cannot cross.
_OTHERS_WORD = {"customer": "offer", "desk": "answer"}


def read(text: str, role: Literal["customer", "desk"]) -> Message:
    """The message of a page in this role. Raises :class:`MessageRefused`."""
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise MessageRefused("too_large")
    try:
        message = (_customer if role == "customer" else _desk).validate_json(text)
    except ValidationError as error:
        raise MessageRefused(_why(error)) from None
    if isinstance(message, Description) and message.type == _OTHERS_WORD[role]:
        raise MessageRefused("not_allowed")
    return message


def _why(error: ValidationError) -> str:
    """A code; the text itself, which may be anything, goes no further."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any("sdp" in part["loc"] or "candidate" in part["loc"][1:] for part in found):
        return "not_sdp"
    if any(part["type"] == "union_tag_invalid" for part in found):
        return "not_allowed"
    return "malformed"
