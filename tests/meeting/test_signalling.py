"""Connections to a meeting's signalling: who is let in, and what passes between seats."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.config.asgi import application
from palveluverkko.meeting import links, meetings
from palveluverkko.meeting.models import Meeting, MeetingLine, Seat
from palveluverkko.meeting.passes import COOKIE
from palveluverkko.meeting.signalling.page import MeetingPage
from tests.contact.test_signalling_messages import PEER, SDP
from tests.meeting import build

# Committed rows: each look at the records closes a connection that is in a transaction.
pytestmark = pytest.mark.django_db(transaction=True)

PAGE, OTHER = "window-0001", "window-0002"


class Window:
    """A page as the server sees it."""

    def __init__(self, room: str, secret: str, user: Any = None) -> None:
        scope = {"type": "websocket", "path": "/", "user": user or AnonymousUser()}
        scope["cookies"] = {COOKIE: secret} if secret else {}
        self.room = room
        self.socket = ApplicationCommunicator(MeetingPage.as_asgi(), scope)

    async def connect(self) -> None:
        await self.socket.send_input({"type": "websocket.connect"})
        assert (await self.socket.receive_output(timeout=5))["type"] == "websocket.accept"

    async def open(self, page: str = PAGE) -> Window:
        await self.connect()
        await self.say(type="hello", page=page, room=self.room)
        return self

    async def say(self, **word: Any) -> None:
        await self.send(json.dumps(word))

    async def send(self, text: str) -> None:
        await self.socket.send_input({"type": "websocket.receive", "text": text})

    async def until(self, kind: str, **facts: Any) -> dict[str, Any]:
        """The next word of this kind with these facts; others are passed over."""
        while True:
            word: dict[str, Any] = json.loads((await self.socket.receive_output(timeout=5))["text"])
            if word["type"] == kind and facts.items() <= word.items():
                return word

    async def closing(self) -> tuple[list[str], int]:
        """What was said before the end, and the code of it."""
        said = []
        while True:
            event = await self.socket.receive_output(timeout=5)
            if event["type"] == "websocket.close":
                return said, event["code"]
            said.append(event["text"])

    async def hears_nothing(self) -> bool:
        return bool(await self.socket.receive_nothing(timeout=0.3, interval=0.02))

    async def leave(self) -> None:
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(timeout=5)


class World:
    """A meeting now, with its adviser signed in and some people at the door."""

    def __init__(self, *roles: str) -> None:
        now = timezone.now()
        self.meeting: Meeting = meetings.meeting_for_booking(build.booked(now).pk, now=now)
        adviser = build.build_adviser(f"Aino {self.meeting.pk}")
        self.user = User.objects.create_user(f"user {self.meeting.pk}")
        self.user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
        Resource.objects.filter(pk=adviser).update(user=self.user)
        self.adviser = links.adviser_pass(self.meeting.pk, adviser)
        self.given = {role: build.seated(self.meeting, role, now) for role in roles}

    def desk(self) -> Window:
        return Window(self.meeting.token, self.adviser.secret, self.user)

    def of(self, role: str) -> Window:
        return Window(self.meeting.token, self.given[role].secret)


def played(scene: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(scene)()


async def inside(world: World) -> tuple[Window, Window]:
    """The adviser and the customer, both in the meeting."""
    desk = await world.desk().open()
    await desk.until("state", state="inside")
    customer = await world.of("customer").open()
    await customer.until("state", state="inside")
    return desk, customer


async def let_in(desk: Window, guest: Window, number: int = 3) -> Window:
    """Somebody knocks, and the adviser lets them in."""
    await guest.open()
    await guest.until("state", state="waiting")
    await desk.say(type="admit", number=number)
    await guest.until("state", state="inside")
    return guest


@pytest.fixture(autouse=True)
def service() -> None:
    build.build_service()


def test_words_reach_the_one_they_are_for_and_say_who_they_are_from() -> None:
    world = World("customer", "interpreter")

    async def scene() -> None:
        desk, customer = await inside(world)
        interpreter = await let_in(desk, world.of("interpreter"))
        await desk.say(type="offer", to=2, peer=PEER, sdp=SDP)
        assert (await customer.until("offer"))["from"] == 1
        await customer.say(type="answer", to=1, peer=PEER, page=PAGE, sdp=SDP)
        assert (await desk.until("answer"))["from"] == 2
        await customer.say(type="me", microphone=True, camera=False, shows="screen")
        assert (await interpreter.until("me"))["from"] == 2
        await interpreter.say(type="caption", text="Hej")
        assert (await customer.until("caption"))["from"] == 3
        await interpreter.say(type="offer", to=2, peer=PEER, sdp=SDP)
        assert (await interpreter.until("refused"))["code"] == "not_allowed"
        for each in (desk, customer, interpreter):
            await each.leave()

    played(scene)


def test_who_waits_learns_nothing_and_is_not_heard() -> None:
    world = World("customer", "companion")

    async def scene() -> None:
        desk, customer = await inside(world)
        friend = await world.of("companion").open()
        assert await friend.until("state") == {
            "type": "state",
            "state": "waiting",
            "role": "companion",
        }
        knock = await desk.until("state")
        while not knock["waiting"]:
            knock = await desk.until("state")
        assert [each["role"] for each in knock["waiting"]] == ["companion"]
        for word in (
            {"type": "offer", "to": 3, "peer": PEER, "sdp": SDP},
            {"type": "here", "to": 1, "page": PAGE},
            {"type": "caption", "text": "hei"},
            {"type": "chat", "number": 1, "text": "hei"},
            {"type": "me", "microphone": True, "camera": True},
        ):
            await friend.say(**word)
            assert (await friend.until("refused"))["code"] == "not_now"
        for verb in ("admit", "end", "ask_in", "notes"):
            await friend.say(type=verb, number=3)
            assert (await friend.until("refused"))["code"] == "not_allowed"
        await desk.say(type="caption", text="secret")
        await customer.until("caption")
        assert await friend.hears_nothing()
        for each in (desk, customer, friend):
            await each.leave()

    played(scene)


def test_strangers_get_one_and_the_same_answer() -> None:
    world, elsewhere = World("customer"), World("customer")
    tried = [
        Window(world.meeting.token, ""),
        Window(world.meeting.token, "guess"),
        Window("", world.given["customer"].secret),
        # The pass of another meeting, though it is a good one there.
        Window(world.meeting.token, elsewhere.given["customer"].secret),
        # The adviser's pass without the adviser, and with another one.
        Window(world.meeting.token, world.adviser.secret),
        Window(world.meeting.token, world.adviser.secret, elsewhere.user),
    ]
    answers = []

    async def scene() -> None:
        for window in tried:
            answers.append(await (await window.open()).closing())

    played(scene)
    assert answers == [answers[0]] * len(tried)
    assert answers[0][1] == 4404


def test_forged_seats_reach_nobody() -> None:
    world, elsewhere = World("customer"), World("customer")

    async def scene() -> None:
        desk, customer = await inside(world)
        other_desk, other = await inside(elsewhere)
        for to in (2, 3, 6):  # oneself, nobody, nobody
            await customer.say(type="here", to=to, page=PAGE)
            assert (await customer.until("refused"))["code"] == "not_now"
        for to in (0, 7, -1, 10**9, "1"):
            await customer.say(type="here", to=to, page=PAGE)
            assert (await customer.until("refused"))["code"] == "malformed"
        await customer.say(type="here", to=1, page=PAGE, **{"from": 1})
        assert (await customer.until("refused"))["code"] == "malformed"
        await customer.say(type="here", to=1, page=OTHER)
        assert (await desk.until("here"))["page"] == OTHER
        await other_desk.until("state", state="inside", expected=[])
        assert await other_desk.hears_nothing()
        for each in (desk, customer, other_desk, other):
            await each.leave()

    played(scene)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "malformed"),
        ('"' + "x" * 70_000 + '"', "too_large"),
        (json.dumps({"type": "offer", "to": 1, "peer": PEER, "sdp": "hello"}), "not_sdp"),
        (json.dumps({"type": "candidate", "to": 1, "peer": PEER, "candidate": "<b>"}), "not_sdp"),
        (json.dumps({"type": "caption", "text": "x" * 301}), "malformed"),
        (json.dumps({"type": "chat", "number": 5, "text": "out of turn"}), "malformed"),
        (json.dumps({"type": "remove", "number": 1}), "not_allowed"),
        (json.dumps({"type": "hello", "page": PAGE, "room": "x"}), "closed"),
    ],
)
def test_bad_input_is_refused_by_name(text: str, code: str) -> None:
    world = World("customer")

    async def scene() -> None:
        desk, customer = await inside(world)
        await customer.send(text)
        if code == "closed":
            await customer.until("closed")
        else:
            assert (await customer.until("refused"))["code"] == code
        await desk.leave()
        await customer.leave()

    played(scene)


def test_too_many_words_are_refused_and_an_unruly_page_is_closed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World("customer")

    async def scene() -> None:
        desk, customer = await inside(world)
        for _n in range(450):
            await customer.say(type="ping")
        said, code = await customer.closing()
        assert code == 4429
        assert any("too_fast" in text for text in said)
        await desk.leave()

    with caplog.at_level(logging.WARNING):
        played(scene)
    assert world.given["customer"].secret not in caplog.text


def test_who_is_taken_out_is_told_and_hears_no_more() -> None:
    world = World("customer", "companion")

    async def scene() -> None:
        desk, customer = await inside(world)
        friend = await let_in(desk, world.of("companion"))
        await desk.say(type="remove", number=3)
        await friend.until("state", state="removed")
        await desk.say(type="caption", text="among ourselves")
        await customer.until("caption")
        assert await friend.hears_nothing()
        await friend.say(type="join")
        assert await friend.until("state") == {"type": "state", "state": "removed"}
        for each in (desk, customer, friend):
            await each.leave()

    played(scene)


def test_text_is_kept_for_who_comes_back_and_not_shown_to_who_came_later() -> None:
    world = World("customer", "companion")

    async def scene() -> None:
        desk, customer = await inside(world)
        for _twice in range(2):
            await customer.say(type="chat", number=1, text="Hei ŋ")
        assert (await desk.until("line"))["text"] == "Hei ŋ"
        await customer.leave()
        again = await world.of("customer").open()
        assert [line["text"] for line in (await again.until("lines"))["lines"]] == ["Hei ŋ"]
        friend = await world.of("companion").open()
        await friend.until("state", state="waiting")
        await desk.say(type="admit", number=3)
        assert (await friend.until("lines"))["lines"] == []
        for each in (desk, again, friend):
            await each.leave()

    played(scene)
    assert MeetingLine.objects.count() == 1


def test_another_window_takes_the_seat_over() -> None:
    world = World("customer")

    async def scene() -> None:
        desk, customer = await inside(world)
        second = await world.of("customer").open(OTHER)
        said, code = await customer.closing()
        assert code == 4409
        assert any("elsewhere" in text for text in said)
        await second.until("state", state="inside")
        await desk.leave()
        await second.leave()

    played(scene)


def test_a_host_is_asked_in_by_the_customer_and_the_end_is_for_all() -> None:
    world = World("customer", "host")

    async def scene() -> None:
        desk, customer = await inside(world)
        host = await world.of("host").open()
        await host.until("state", state="waiting")
        state = await customer.until("state")
        while not state["host"] or state["host"]["state"] != "waiting":
            state = await customer.until("state")
        await customer.say(type="ask_in", number=state["host"]["number"])
        await host.until("state", state="inside")
        await customer.say(type="end")
        assert (await customer.until("refused"))["code"] == "not_allowed"
        await desk.say(type="notes", text="Sovittu")
        await desk.until("noted")
        await desk.say(type="end")
        for each in (desk, customer, host):
            await each.until("state", state="ended")
            await each.leave()

    played(scene)
    world.meeting.refresh_from_db()
    assert world.meeting.ended_at is not None
    assert world.meeting.booking is not None
    assert world.meeting.booking.notes == "Sovittu"


def test_a_meeting_that_opens_while_somebody_waits_for_it_goes_on_by_itself() -> None:
    world = World("customer")
    now = timezone.now()
    starts = now + timedelta(seconds=2)
    Meeting.objects.update(opens_at=now + timedelta(seconds=1), starts_at=starts)
    booking = world.meeting.booking
    assert booking is not None
    type(booking).objects.update(start=starts, end=starts + timedelta(minutes=30))

    async def scene() -> None:
        customer = await world.of("customer").open()
        await customer.until("state", state="early")
        await customer.until("state", state="waiting")
        await customer.leave()

    played(scene)
    assert Seat.objects.get(role="customer").state == "waiting"


def test_pages_of_other_sites_are_not_let_in() -> None:
    async def scene() -> None:
        headers = [(b"origin", b"https://elsewhere.example"), (b"host", b"localhost")]
        scope = {
            "type": "websocket",
            "path": "/ws/meeting/",
            "headers": headers,
            "query_string": b"",
        }
        socket = ApplicationCommunicator(application, scope)
        await socket.send_input({"type": "websocket.connect"})
        assert (await socket.receive_output(timeout=5))["type"] == "websocket.close"

    played(scene)
