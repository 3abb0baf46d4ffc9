"""The customer's page: known by the contact's token alone."""

from __future__ import annotations

from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from palveluverkko.contact import pool
from palveluverkko.contact.models import Contact
from palveluverkko.contact.rows import WITH_PAGE
from palveluverkko.contact.signalling import chat
from palveluverkko.contact.signalling.groups import customer_of, desk_of
from palveluverkko.contact.signalling.hub import hub
from palveluverkko.contact.signalling.messages import (
    Candidate,
    Chat,
    Description,
    Hello,
    Here,
    Message,
    MessageRefused,
    Switch,
)
from palveluverkko.contact.signalling.page import Page
from palveluverkko.contact.turn import ice_servers


class CustomerPage(Page):
    role = "customer"

    async def on_hello(self, message: Hello) -> None:
        """Opens only the call whose token it has; all else is one and the same answer."""
        contact_id = await database_sync_to_async(_open_call)(message.token)
        if contact_id is None or self.page:
            await self.answer_neutrally()
            return
        self.contact_id = contact_id
        await self.settle(message.page, customer_of(contact_id))
        lines = await database_sync_to_async(chat.lines_of)(contact_id)
        await self.say("welcome", ice=ice_servers(), relay=settings.TURN_ONLY, lines=lines)
        hub().add(self)

    async def on_here(self, message: Here) -> None:
        await self._pass_on(message)

    async def on_answer(self, message: Description) -> None:
        await self._pass_on(message)

    async def on_candidate(self, message: Candidate) -> None:
        await self._pass_on(message)

    async def on_muted(self, message: Switch) -> None:
        await self._pass_on(message)

    async def on_lean(self, message: Switch) -> None:
        await self._pass_on(message)

    async def on_chat(self, message: Chat) -> None:
        assert self.contact_id is not None
        line = await database_sync_to_async(chat.write)(
            self.contact_id, message.number, message.text, True, None
        )
        await self.say("line", **line.as_dict())
        await self.tell(desk_of(self.contact_id), "page.line", line=line.as_dict())

    async def on_leave(self, _message: Message) -> None:
        assert self.contact_id is not None
        await database_sync_to_async(pool.abandon)(self.contact_id)

    async def page_line(self, event: dict[str, Any]) -> None:
        await self.say("line", **event["line"])

    async def page_call(self, event: dict[str, Any]) -> None:
        """The adviser's word: who gets one is in contact, whatever the hub has shown so far."""
        if self.shown is None or self.shown["state"] != Contact.State.TALKING:
            await self.show({"state": str(Contact.State.TALKING)})
        await self.send(event["text"])

    async def _pass_on(self, message: Message) -> None:
        if self.shown is None or self.shown["state"] != Contact.State.TALKING:
            raise MessageRefused("not_now")
        assert self.contact_id is not None
        await self.tell(desk_of(self.contact_id), "page.word", text=message.model_dump_json())


def _open_call(token: str) -> int | None:
    if not token:
        return None
    rows = Contact.objects.filter(
        token=token, channel__in=WITH_PAGE, state__in=Contact.OPEN
    ).values_list("pk", flat=True)
    return rows.first()
