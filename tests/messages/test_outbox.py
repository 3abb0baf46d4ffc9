"""The outbox's verbs: queue, cancel, send again."""

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.errors import CannotResend, OutcomeUnknown, Refused, TryLater
from palveluverkko.messages.models import Enclosure, Message, State
from palveluverkko.messages.services import Attachment, cancel_messages, resend
from tests.messages.conftest import NOW, Scripted, queued

pytestmark = pytest.mark.django_db


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_the_same_event_twice_gives_the_first_message() -> None:
    first = queued(text="first", attachments=(Attachment("a.ics", "text/calendar", b"x"),))
    second = queued(text="second", attachments=(Attachment("b.ics", "text/calendar", b"y"),))
    assert second.pk == first.pk
    assert second.text == "first"
    assert list(Enclosure.objects.values_list("name", flat=True)) == ["a.ics"]


def test_a_change_that_is_undone_sends_nothing() -> None:
    def change() -> None:
        with transaction.atomic():
            queued()
            raise LookupError

    with pytest.raises(LookupError):
        change()
    assert not Message.objects.exists()


def test_an_unknown_channel_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        queued(channel="pigeon")


def test_an_event_that_a_database_would_cut_off_is_refused_by_both() -> None:
    for event in ("", "x" * 201):
        with pytest.raises(ValueError, match="characters"):
            queued(event)


def test_the_database_refuses_unknown_states_and_channels() -> None:
    message = queued()
    for change in ({"state": "lost"}, {"channel": "pigeon"}, {"state": "sent", "sent_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Message.objects.filter(pk=message.pk).update(**change)


def test_cancelled_messages_never_go_out(use) -> None:
    adapter = use(Scripted())
    about_this, other = queued(), queued("booking:2:confirmed:sms", about="booking:2")
    assert cancel_messages(about="booking:1") == 1
    deliver_due(now=NOW)
    assert [m.event for m in adapter.got] == [other.event]
    assert state(about_this) == State.CANCELLED


def test_what_is_cancelled_while_it_is_sent_is_not_tried_again(use) -> None:
    class CancelsMeanwhile(Scripted):
        def send(self, message):
            cancel_messages(about="booking:1")
            super().send(message)

    use(CancelsMeanwhile(TryLater("busy")))
    message = queued()
    deliver_due(now=NOW)
    assert state(message) == State.CANCELLED


def test_what_is_cancelled_while_it_is_sent_counts_as_sent_if_it_arrived(use) -> None:
    class CancelsMeanwhile(Scripted):
        def send(self, message):
            cancel_messages(about="booking:1")
            super().send(message)

    use(CancelsMeanwhile())
    message = queued()
    deliver_due(now=NOW)
    assert state(message) == State.SENT


@pytest.mark.parametrize("outcome", [Refused("no"), OutcomeUnknown("silence")])
def test_a_person_may_send_again_and_the_service_sees_a_new_key(use, outcome) -> None:
    adapter = use(Scripted(outcome))
    message = queued()
    deliver_due(now=NOW)
    assert resend(message.pk).state == State.QUEUED
    deliver_due()
    assert state(message) == State.SENT
    assert len({m.key for m in adapter.got}) == 2


def test_what_waits_already_cannot_be_sent_again() -> None:
    message = queued()
    with pytest.raises(CannotResend):
        resend(message.pk)
