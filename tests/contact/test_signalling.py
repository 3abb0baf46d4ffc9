"""Connections to the signalling: who is let in, what passes between the two, what stays outside."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.config.asgi import application
from palveluverkko.contact import attempts, pool, pooled
from palveluverkko.contact.models import CallbackRequest, ChatLine, Contact, ContactNotes
from palveluverkko.contact.signalling.customer import CustomerPage
from palveluverkko.contact.signalling.desk import DeskPage
from tests.contact.pool_build import at_work, build_adviser, build_service, come
from tests.contact.test_signalling_messages import PEER, SDP

# Committed rows: each look at the records closes a connection that is in a transaction.
pytestmark = pytest.mark.django_db(transaction=True)

PAGE, OTHER = "window-0001", "window-0002"


class Window:
    """A page as the server sees it."""

    def __init__(self, side: Any, user: Any = None) -> None:
        scope = {"type": "websocket", "path": "/", "user": user or AnonymousUser()}
        self.socket = ApplicationCommunicator(side.as_asgi(), scope)

    async def connect(self) -> None:
        await self.socket.send_input({"type": "websocket.connect"})
        assert (await self.socket.receive_output(timeout=5))["type"] == "websocket.accept"

    async def open(self, page: str = PAGE, **facts: Any) -> Window:
        await self.connect()
        await self.say(type="hello", page=page, **facts)
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

    async def leave(self) -> None:
        await self.socket.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.socket.wait(timeout=5)


def adviser(name: str = "Aino") -> tuple[int, User]:
    """At work, and signed in."""
    pk = at_work(name)
    user = User.objects.create_user(f"user {name}")
    user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
    Resource.objects.filter(pk=pk).update(user=user)
    return pk, user


def played(scene: Callable[[], Awaitable[None]]) -> None:
    async_to_sync(scene)()


async def talking(contact: Contact, user: User) -> tuple[Window, Window]:
    """The customer's and the adviser's page in contact."""
    customer = await Window(CustomerPage).open(token=contact.token)
    desk = await Window(DeskPage, user).open()
    await desk.until("state", state="offered")
    await desk.say(type="accept", contact=contact.pk)
    await desk.until("state", state="in_contact")
    await customer.until("state", state="talking")
    return customer, desk


@pytest.fixture(autouse=True)
def service() -> None:
    build_service()


def test_offer_answer_and_candidates_reach_the_other_side_only() -> None:
    _pk, user = adviser()
    contact = come()

    async def scene() -> None:
        customer, desk = await talking(contact, user)
        await desk.say(type="offer", peer=PEER, sdp=SDP)
        assert (await customer.until("offer"))["sdp"] == SDP
        await customer.say(type="answer", peer=PEER, page=PAGE, sdp=SDP)
        assert (await desk.until("answer"))["page"] == PAGE
        await customer.say(
            type="candidate", peer=PEER, candidate="candidate:1 1 udp 1 ::1 9 typ host"
        )
        await desk.until("candidate", peer=PEER)
        await customer.leave()
        await desk.leave()

    played(scene)


def test_wrong_ended_and_foreign_tokens_get_one_and_the_same_answer() -> None:
    adviser()
    ended, other_channel = come(), come(channel="phone")
    pool.abandon(ended.pk)
    answers = []

    async def scene() -> None:
        for token in ("", "guess", "x" * 40, ended.token, other_channel.token):
            window = await Window(CustomerPage).open(token=token)
            answers.append(await window.closing())

    played(scene)
    assert len(answers) == 5
    assert all(answer == answers[0] for answer in answers)


def test_who_is_no_adviser_gets_the_answer_of_a_wrong_token() -> None:
    stranger = User.objects.create_user("stranger")
    answers = []

    async def scene() -> None:
        answers.append(await (await Window(CustomerPage).open(token="guess")).closing())
        for user in (None, stranger):
            answers.append(await (await Window(DeskPage, user).open()).closing())

    played(scene)
    assert answers == [answers[0]] * 3


def test_nothing_is_taken_before_the_first_word() -> None:
    async def scene() -> None:
        window = Window(CustomerPage)
        await window.connect()
        await window.say(type="leave")
        assert (await window.closing())[1] == 4404

    played(scene)


def test_a_colleague_can_neither_take_nor_end_the_contact() -> None:
    _pk, user = adviser()
    contact = come()
    _other, colleague = adviser("Eino")

    async def scene() -> None:
        customer, desk = await talking(contact, user)
        nosy = await Window(DeskPage, colleague).open()
        for word in ("accept", "finish"):
            await nosy.say(type=word, contact=contact.pk)
            await nosy.until("refused", code="too_late")
        await nosy.say(type="notes", contact=contact.pk, text="mine")
        await nosy.until("refused", code="too_late")
        await nosy.say(type="offer", peer=PEER, sdp=SDP)
        await nosy.until("refused", code="not_now")
        await nosy.say(type="chat", number=1, text="Hello")
        await nosy.until("refused", code="not_now")
        for window in (customer, desk, nosy):
            await window.leave()

    played(scene)
    assert Contact.objects.get().state == "talking"
    assert not ChatLine.objects.exists()
    assert not ContactNotes.objects.exists()


def test_a_customer_who_waits_cannot_speak_to_the_adviser() -> None:
    _pk, user = adviser()
    contact = come()

    async def scene() -> None:
        customer = await Window(CustomerPage).open(token=contact.token)
        desk = await Window(DeskPage, user).open()
        await customer.until("state", state="waiting")
        await customer.say(type="here", page=PAGE, lost=False)
        await customer.until("refused", code="not_now")
        await customer.leave()
        await desk.leave()

    played(scene)


def test_the_same_call_in_another_window_moves_there() -> None:
    adviser()
    contact = come()

    async def scene() -> None:
        first = await Window(CustomerPage).open(token=contact.token)
        await first.until("welcome")
        second = await Window(CustomerPage).open(OTHER, token=contact.token)
        await second.until("welcome")
        said, code = await first.closing()
        assert code == 4409
        assert '"elsewhere"' in said[-1]
        await second.leave()

    played(scene)


def test_a_line_sent_twice_is_kept_once_and_shown_to_who_returns() -> None:
    _pk, user = adviser()
    contact = come()

    async def scene() -> None:
        customer, desk = await talking(contact, user)
        for _ in range(2):
            await customer.say(type="chat", number=1, text="Hyvää päivää")
            await customer.until("line", number=1)
        await desk.until("line", text="Hyvää päivää", from_customer=True)
        await customer.leave()
        again = await Window(CustomerPage).open(token=contact.token)
        lines = (await again.until("welcome"))["lines"]
        assert [line["text"] for line in lines] == ["Hyvää päivää"]
        await again.leave()
        await desk.leave()

    played(scene)


def test_the_place_is_told_anew_when_somebody_before_leaves() -> None:
    adviser()
    busy = [come(), come(), come()]

    async def scene() -> None:
        last = await Window(CustomerPage).open(token=busy[2].token)
        await last.until("state", before=2)
        before = await Window(CustomerPage).open(token=busy[1].token)
        await before.until("state", before=1)
        await before.say(type="leave")
        await before.until("state", state="abandoned")
        await last.until("state", before=1)
        await last.leave()
        await before.leave()

    played(scene)


def test_hanging_up_ends_the_contact_and_leaves_the_adviser_with_the_notes() -> None:
    pk, user = adviser()
    contact = come()

    async def scene() -> None:
        customer, desk = await talking(contact, user)
        await customer.say(type="leave")
        await customer.until("state", state="answered")
        shown = await desk.until("state", state="wrap_up")
        assert shown["contact"]["id"] == contact.pk
        await desk.say(type="notes", contact=contact.pk, text="Sends the form")
        await desk.until("noted", contact=contact.pk)
        await customer.leave()
        await desk.leave()

    played(scene)
    assert ContactNotes.objects.get(contact=contact, adviser=pk).text == "Sends the form"


def test_a_page_that_speaks_too_fast_or_nonsense_is_cut_off(
    caplog: pytest.LogCaptureFixture,
) -> None:
    adviser()
    contact = come()

    async def scene() -> None:
        window = await Window(CustomerPage).open(token=contact.token)
        for _ in range(20):
            await window.send("secret name +358401234567")
        assert (await window.closing())[1] == 4429
        flood = await Window(CustomerPage).open(token=contact.token)
        for _ in range(200):
            await flood.say(type="ping")
        said, code = await flood.closing()
        assert code == 4429
        assert any("too_fast" in text for text in said)

    with caplog.at_level(logging.DEBUG, "palveluverkko"):
        played(scene)
    assert "358401234567" not in caplog.text
    assert contact.token not in caplog.text


def test_a_page_of_another_site_is_not_let_in() -> None:
    async def scene() -> None:
        headers = [(b"origin", b"https://evil.example"), (b"host", b"localhost")]
        scope = {"type": "websocket", "path": "/ws/call/", "headers": headers}
        socket = ApplicationCommunicator(application, scope)
        await socket.send_input({"type": "websocket.connect"})
        assert (await socket.receive_output(timeout=5))["type"] == "websocket.close"

    played(scene)


def test_whoever_is_heard_is_written_down_in_one_go() -> None:
    from palveluverkko.contact.signalling.hub import report_heard
    from tests.contact.pool_build import at

    pk, _user = adviser()
    contact = come()
    report_heard([contact.pk], [pk], at(5))

    async def seen() -> Any:
        return await database_sync_to_async(Contact.objects.get)(pk=contact.pk)

    assert async_to_sync(seen)().seen_at == at(5)


def due_callback() -> CallbackRequest:
    """A request whose time has come, waiting in the pool."""
    now = timezone.now()
    request = CallbackRequest.objects.create(
        key="due",
        service_id="general",
        language="fi",
        phone="+358401234567",
        entered_at=now,
        next_attempt_at=now,
    )
    pooled.enter_due(now)
    return request


def test_callbacks_are_offered_with_the_calls_and_taken_with_their_request() -> None:
    pk, user = adviser()
    request = due_callback()

    async def scene() -> None:
        desk = await Window(DeskPage, user).open()
        shown = await desk.until("state", state="offered")
        assert shown["contact"]["callback"] == request.pk
        await desk.say(type="accept", contact=shown["contact"]["id"])
        await desk.until("state", state="in_contact")
        await desk.say(type="finish", contact=shown["contact"]["id"])
        await desk.until("refused", code="too_late")
        await desk.leave()

    played(scene)
    request.refresh_from_db()
    assert (request.state, request.claimed_by_id, request.tries.count()) == ("calling", pk, 1)


def test_an_adviser_is_offered_only_the_channels_that_were_chosen() -> None:
    pk = build_adviser("Aino")
    user = User.objects.create_user("user Aino")
    user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
    Resource.objects.filter(pk=pk).update(user=user)

    async def scene() -> None:
        desk = await Window(DeskPage, user).open()
        await desk.say(type="ready", channels=["web_call"])
        await desk.until("state", state="ready", channels=["web_call"])
        await database_sync_to_async(due_callback)()
        await desk.say(type="channels", channels=[])
        await desk.until("refused", code="malformed")
        await desk.say(type="channels", channels=["web_call", "callback"])
        await desk.until("state", state="offered")
        await desk.leave()

    played(scene)


def test_the_page_of_calls_keeps_the_lease_of_a_callback() -> None:
    from palveluverkko.contact.signalling.hub import report_heard

    pk, _user = adviser()
    request = due_callback()
    attempts.claim(request.pk, pk)
    later = timezone.now() + timedelta(minutes=2)
    report_heard([], [pk], later)
    assert attempts.give_back_lost(later + timedelta(minutes=2)) == 0
    assert attempts.give_back_lost(later + timedelta(minutes=4)) == 1


def test_a_word_that_was_under_way_when_the_connection_was_closed_is_not_answered() -> None:
    """A page that said two at once would else end in an error of the server's."""

    async def scene() -> None:
        window = Window(CustomerPage)
        await window.connect()
        await window.say(type="hello", page=PAGE, token="x" * 20)
        await window.say(type="leave")
        assert await window.closing() == (['{"type":"closed"}'], 4404)
        assert await window.socket.receive_nothing()
        await window.leave()

    played(scene)
