"""The adviser's page: known by the session; it speaks only with the contact it has accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.contact import attempts, notes, pool, states
from palveluverkko.contact.callback_errors import CallbackError
from palveluverkko.contact.errors import NotYours, PoolError
from palveluverkko.contact.models import AdviserState, Channel, Contact
from palveluverkko.contact.signalling import chat, groups
from palveluverkko.contact.signalling.hub import hub
from palveluverkko.contact.signalling.messages import (
    Candidate,
    Channels,
    Chat,
    Description,
    Hello,
    Message,
    MessageRefused,
    Notes,
    OnContact,
    Switch,
    Work,
)
from palveluverkko.contact.signalling.page import Page
from palveluverkko.contact.signalling.pictures import Picture
from palveluverkko.contact.turn import ice_servers

SERVES = "booking.change_booking"
# One pool: what the page can do, unless the adviser takes less.
CHANNELS = (Channel.WEB_CALL, Channel.VIDEO, Channel.CALLBACK)


class DeskPage(Page):
    role = "desk"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._talks_with: int | None = None

    async def on_hello(self, message: Hello) -> None:
        """Signed-in advisers only; all others get the answer that a wrong token gets."""
        adviser_id = await database_sync_to_async(_adviser_of)(self.scope.get("user"))
        if adviser_id is None or self.page:
            await self.answer_neutrally()
            return
        self.adviser_id = adviser_id
        await self.settle(message.page, groups.adviser(adviser_id))
        await self.say("welcome", ice=ice_servers(), relay=settings.TURN_ONLY)
        hub().add(self)

    async def show(self, picture: Picture) -> None:
        """Before the page hears that it talks, it is where the customer's words arrive."""
        held = picture["contact"]
        talks = held is not None and held["state"] == Contact.State.TALKING
        await self._listen_to(held["id"] if talks else None)
        await super().show(picture)

    async def on_ready(self, message: Channels) -> None:
        await self._act(lambda adviser: _ready(adviser, message.channels or CHANNELS))

    async def on_channels(self, message: Channels) -> None:
        await self._act(lambda adviser: _take(adviser, message.channels or CHANNELS))

    async def on_break(self, _message: Work) -> None:
        await self._act(states.pause)

    async def on_stop(self, _message: Work) -> None:
        await self._act(states.go_home)

    async def on_accept(self, message: OnContact) -> None:
        await self._act(lambda adviser: _accept(message.contact, adviser))

    async def on_decline(self, message: OnContact) -> None:
        await self._act(lambda adviser: pool.decline(message.contact, adviser))

    async def on_finish(self, message: OnContact) -> None:
        await self._act(lambda adviser: _finish(message.contact, adviser))

    async def on_notes(self, message: Notes) -> None:
        await self._act(lambda adviser: notes.keep(message.contact, adviser, message.text))
        await self.say("noted", contact=message.contact)

    async def on_offer(self, message: Description) -> None:
        await self._pass_on(message)

    async def on_candidate(self, message: Candidate) -> None:
        await self._pass_on(message)

    async def on_muted(self, message: Switch) -> None:
        await self._pass_on(message)

    async def on_lean(self, message: Switch) -> None:
        await self._pass_on(message)

    async def on_chat(self, message: Chat) -> None:
        contact_id = self._with_whom()
        by = self.scope["user"].pk
        line = await database_sync_to_async(chat.write)(
            contact_id, message.number, message.text, False, by
        )
        await self.say("line", **line.as_dict())
        await self.tell(groups.customer_of(contact_id), "page.line", line=line.as_dict())

    async def page_line(self, event: dict[str, Any]) -> None:
        await self.say("line", **event["line"])

    async def _act(self, verb: Callable[[int], Any]) -> None:
        """Carry out what was pressed, and show at once what became of it."""
        assert self.adviser_id is not None
        try:
            await database_sync_to_async(verb)(self.adviser_id)
        except (PoolError, CallbackError):
            # Somebody was quicker, or the customer has gone: the picture says how it is now.
            self.shown = None
            await self.say("refused", code="too_late")
        await hub().look()

    async def _listen_to(self, contact_id: int | None) -> None:
        if contact_id == self._talks_with:
            return
        if self._talks_with is not None:
            self.leave(groups.desk_of(self._talks_with))
        self._talks_with = contact_id
        if contact_id is not None:
            self.join(groups.desk_of(contact_id))
            lines = await database_sync_to_async(chat.lines_of)(contact_id)
            await self.say("lines", contact=contact_id, lines=lines)

    async def _pass_on(self, message: Message) -> None:
        group = groups.customer_of(self._with_whom())
        await self.tell(group, "page.call", text=message.model_dump_json())

    def _with_whom(self) -> int:
        if self._talks_with is None:
            raise MessageRefused("not_now")
        return self._talks_with


def _adviser_of(user: Any) -> int | None:
    if user is None or not user.is_authenticated or not user.has_perm(SERVES):
        return None
    found = adviser_of_user(user)
    return found.pk if found is not None else None


def _ready(adviser_id: int, channels: Iterable[str]) -> None:
    """At work from now on, or back from a break or from the notes."""
    work = states.begin(adviser_id, channels)
    if work.state in (AdviserState.State.BREAK, AdviserState.State.WRAP_UP):
        states.ready(adviser_id)


def _take(adviser_id: int, channels: Iterable[str]) -> None:
    """Other channels from now on, for who is at work."""
    if AdviserState.objects.filter(adviser_id=adviser_id).exists():
        states.begin(adviser_id, channels)


def _accept(contact_id: int, adviser_id: int) -> None:
    """A callback is taken with its request, so that nobody else calls the customer."""
    due = Contact.objects.filter(pk=contact_id, channel=Channel.CALLBACK, state__in=Contact.OPEN)
    request_id = due.values_list("callback_id", flat=True).first()
    if request_id is None:
        pool.accept(contact_id, adviser_id)
    else:
        attempts.claim(request_id, adviser_id)


def _finish(contact_id: int, adviser_id: int) -> None:
    """Not a callback: that ends by how the call went."""
    mine = Contact.objects.filter(pk=contact_id, adviser=adviser_id)
    if not mine.exclude(channel=Channel.CALLBACK).exists():
        raise NotYours
    pool.finish(contact_id)
