"""One open page of a meeting: known by the pass in its cookie, heard by those inside only."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from palveluverkko.booking.desk_queries import adviser_of_user
from palveluverkko.contact.signalling.messages import MessageRefused
from palveluverkko.contact.signalling.rate import Bucket
from palveluverkko.contact.turn import ice_servers
from palveluverkko.meeting import chat, notes, seats
from palveluverkko.meeting.errors import MeetingError
from palveluverkko.meeting.links import seat_of_pass
from palveluverkko.meeting.models import Seat
from palveluverkko.meeting.passes import COOKIE
from palveluverkko.meeting.signalling.hub import hub
from palveluverkko.meeting.signalling.messages import (
    Candidate,
    Caption,
    Chat,
    Description,
    End,
    Go,
    Hello,
    Here,
    Me,
    Message,
    Notes,
    OnHost,
    OnSeat,
    Ping,
    check_way,
    read,
)
from palveluverkko.meeting.signalling.pictures import View

FIRST_WORD_SECONDS = 10.0
SILENT_SECONDS = 20.0  # pages say that they are there every five
MOST_REFUSED = 20
SERVES = "booking.change_booking"

# Closing codes of our own (RFC 6455, 7.4.2). Unknown, over, or somebody else's: one answer.
NEUTRAL, ELSEWHERE, UNRULY = 4404, 4409, 4429

logger = logging.getLogger(__name__)


class MeetingPage(AsyncWebsocketConsumer):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seat_id = 0
        self.view: View | None = None
        self._seat: Seat | None = None
        self._page = ""
        self._lines_told = False
        self._heard_at = time.monotonic()
        # Six people begin with five connections of some thirty candidates each.
        self._rate = Bucket(burst=400, per_second=40)
        self._refused = 0
        self._waiting: asyncio.TimerHandle | None = None

    # --- the connection

    async def connect(self) -> None:
        await self.accept()
        loop = asyncio.get_running_loop()
        self._waiting = loop.call_later(FIRST_WORD_SECONDS, self._no_word)

    async def disconnect(self, code: int) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        hub().remove(self)
        if self.seat_id:
            await self.channel_layer.group_discard(_group(self.seat_id), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._heard_at = time.monotonic()
        try:
            if not self._rate.take():
                raise MessageRefused("too_fast")
            if text_data is None:
                raise MessageRefused("malformed")
            message = read(text_data, self._seat.role if self._seat is not None else "")
            if self._seat is None and not isinstance(message, Hello):
                await self._answer_neutrally()
                return
            await getattr(self, f"on_{message.type}")(message)  # type: ignore[attr-defined]
        except MessageRefused as refused:
            await self._refuse(refused.code)

    def is_there(self) -> bool:
        return time.monotonic() - self._heard_at < SILENT_SECONDS

    async def say(self, kind: str, **facts: Any) -> None:
        await self.send(json.dumps({"type": kind, **facts}, separators=(",", ":")))

    async def show(self, view: View) -> None:
        """What the page is to show now, from the hub."""
        was, self.view = self.view, view
        if view.due:
            await self._act(seats.join)
            return
        if view.picture.get("state") == "inside" and not self._lines_told:
            self._lines_told = True
            lines = await database_sync_to_async(chat.lines_for)(self.seat_id)
            await self.say("lines", lines=lines)
        if was is None or was.picture != view.picture:
            await self.say("state", **view.picture)

    # --- the first word

    async def on_hello(self, message: Hello) -> None:
        """Opens only the seat whose pass the browser has; all else is one and the same answer."""
        secret = self.scope.get("cookies", {}).get(COOKIE, "")
        user = self.scope.get("user")
        seat = await database_sync_to_async(_seated)(secret, message.room, user)
        if seat is None or self._seat is not None:
            await self._answer_neutrally()
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._seat, self.seat_id, self._page = seat, seat.pk, message.page
        group = _group(seat.pk)
        elsewhere = {"page": message.page, "by": self.channel_name}
        await self.channel_layer.group_send(group, {"type": "page.elsewhere", **elsewhere})
        await self.channel_layer.group_add(group, self.channel_name)
        await self._act(seats.join)
        await self.say("welcome", ice=ice_servers(), relay=settings.TURN_ONLY, seat=seat.pk)
        hub().add(self)

    async def on_ping(self, _message: Ping) -> None:
        await self.say("pong")

    # --- words to one other

    async def on_here(self, message: Here) -> None:
        await self._pass_on(message, message.to)

    async def on_offer(self, message: Description) -> None:
        check_way(message, self._number())
        await self._pass_on(message, message.to)

    async def on_answer(self, message: Description) -> None:
        await self.on_offer(message)

    async def on_candidate(self, message: Candidate) -> None:
        await self._pass_on(message, message.to)

    # --- words to all

    async def on_me(self, message: Me) -> None:
        await self._tell_all(message)

    async def on_caption(self, message: Caption) -> None:
        await self._tell_all(message)

    async def on_chat(self, message: Chat) -> None:
        self._number()
        try:
            line = await database_sync_to_async(chat.write)(
                self.seat_id, message.number, message.text
            )
        except MeetingError:
            raise MessageRefused("malformed") from None
        text = json.dumps({"type": "line", **line.as_dict()})
        for pk in self._inside().values():
            await self._tell(pk, text)

    # --- verbs

    async def on_leave(self, _message: Go) -> None:
        await self._act(seats.leave)

    async def on_join(self, _message: Go) -> None:
        await self._act(seats.join)

    async def on_ask_in(self, message: OnHost) -> None:
        await self._act(lambda by: seats.ask_in(message.number, by=by))

    async def on_send_out(self, message: OnHost) -> None:
        await self._act(lambda by: seats.send_out(message.number, by=by))

    async def on_admit(self, message: OnSeat) -> None:
        await self._act(lambda by: seats.admit(message.number, by=by))

    async def on_refuse(self, message: OnSeat) -> None:
        await self._act(lambda by: seats.refuse(message.number, by=by))

    async def on_remove(self, message: OnSeat) -> None:
        await self._act(lambda by: seats.remove(message.number, by=by))

    async def on_end(self, message: End) -> None:
        user = self.scope.get("user")
        await self._act(lambda by: seats.end_for_all(by=by, served=message.served, user=user))

    async def on_notes(self, message: Notes) -> None:
        user = self.scope.get("user")
        await self._act(lambda by: notes.keep(by, message.text, by=user))
        await self.say("noted")

    # --- from other pages

    async def page_word(self, event: dict[str, Any]) -> None:
        """Somebody's word: only for who is inside. It may be sooner than the picture of that."""
        if not self._inside():
            await hub().look()
        if self._inside():
            await self.send(event["text"])

    async def page_elsewhere(self, event: dict[str, Any]) -> None:
        """The seat has been opened in another window, or this window has come back."""
        if event["by"] == self.channel_name:
            return
        if event["page"] != self._page:
            await self.say("elsewhere")
        hub().remove(self)
        await self.close(ELSEWHERE)

    # --- how

    async def _act(self, verb: Callable[[int], Any]) -> None:
        """Carry out what was pressed, and show at once what became of it."""
        try:
            await database_sync_to_async(verb)(self.seat_id)
        except MeetingError:
            # Somebody was quicker, or it is over: the picture says how it is now.
            self.view = None
        await hub().look()

    async def _pass_on(self, message: Message, to: int) -> None:
        number = self._number()
        pk = self._inside().get(to)
        if pk is None or to == number:
            raise MessageRefused("not_now")
        await self._tell(pk, self._signed(message, number))

    async def _tell_all(self, message: Message) -> None:
        number = self._number()
        text = self._signed(message, number)
        for to, pk in self._inside().items():
            if to != number:
                await self._tell(pk, text)

    def _signed(self, message: Message, number: int) -> str:
        return json.dumps(message.model_dump(mode="json", exclude={"to"}) | {"from": number})

    async def _tell(self, seat_id: int, text: str) -> None:
        await self.channel_layer.group_send(_group(seat_id), {"type": "page.word", "text": text})

    def _inside(self) -> dict[int, int]:
        return dict(self.view.inside) if self.view is not None else {}

    def _number(self) -> int:
        """This page's seat, while it is inside."""
        if self._seat is None or self._seat.number not in self._inside():
            raise MessageRefused("not_now")
        return self._seat.number

    async def _refuse(self, code: str) -> None:
        """Say so; a page that is only ever refused is a program of somebody's."""
        logger.warning("A message of a meeting's page was refused: %s", code)
        self._refused += 1
        await self.say("refused", code=code)
        if self._refused >= MOST_REFUSED:
            await self.close(UNRULY)

    async def _answer_neutrally(self) -> None:
        await self.say("closed")
        await self.close(NEUTRAL)

    def _no_word(self) -> None:
        self._closing = asyncio.ensure_future(self._answer_neutrally())


def _group(seat_id: int) -> str:
    """The server's own name: no page can choose one."""
    return f"meeting.seat.{seat_id}"


def _seated(secret: str, room: str, user: Any) -> Seat | None:
    """Whose pass it is, where the page is that meeting's; an adviser must be signed in as well."""
    seat = seat_of_pass(secret)
    if seat is None or seat.meeting.token != room:
        return None
    if seat.role == Seat.Role.ADVISER and not serves_as(user, seat.meeting.adviser_id):
        return None
    return seat


def serves_as(user: Any, adviser_id: int | None) -> bool:
    """Whether this is the signed-in adviser."""
    if user is None or not user.is_authenticated or not user.has_perm(SERVES):
        return False
    found = adviser_of_user(user)
    return found is not None and found.pk == adviser_id
