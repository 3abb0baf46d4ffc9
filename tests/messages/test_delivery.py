"""Delivery: retries, leases, and once only whatever happens in between."""

import contextlib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from palveluverkko.messages.adapters import files
from palveluverkko.messages.backoff import LONGEST
from palveluverkko.messages.delivery import LEASE, MAX_ATTEMPTS, deliver_due
from palveluverkko.messages.errors import BadAddress, OutcomeUnknown, Refused, TryLater
from palveluverkko.messages.models import Message, State
from palveluverkko.messages.reasons import Why
from tests.messages.conftest import NOW, Scripted, queued

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """The process ends here: nothing after it runs."""


def fresh(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_a_message_goes_out_once_and_is_marked(use) -> None:
    adapter = use(Scripted())
    message = queued()
    assert deliver_due(now=NOW) == 1
    assert deliver_due(now=NOW + LEASE) == 0
    assert len(adapter.got) == 1
    assert (fresh(message).state, message.sent_at) == (State.SENT, NOW)


def test_nothing_goes_out_before_its_time(use) -> None:
    adapter = use(Scripted())
    queued(at=NOW + SECOND)
    assert deliver_due(now=NOW) == 0
    assert not adapter.got


def test_a_busy_service_is_asked_again_later_and_the_message_keeps_its_key(use) -> None:
    adapter = use(Scripted(TryLater("busy"), TryLater("busy")))
    message = queued()
    deliver_due(now=NOW)
    assert fresh(message).state == State.QUEUED
    assert message.why == Why.UNREACHABLE
    assert NOW + 20 * SECOND < message.next_attempt_at <= NOW + 30 * SECOND
    assert deliver_due(now=NOW + 20 * SECOND) == 0
    deliver_due(now=NOW + 30 * SECOND)
    deliver_due(now=NOW + 120 * SECOND)
    assert (fresh(message).state, message.attempts, message.last_error) == (State.SENT, 3, "")
    assert len({m.key for m in adapter.got}) == 1


def test_a_service_that_names_a_time_is_not_asked_before_it(use) -> None:
    use(Scripted(TryLater("busy", after=timedelta(minutes=20))))
    message = queued()
    deliver_due(now=NOW)
    assert fresh(message).next_attempt_at == NOW + timedelta(minutes=20)


def test_after_many_attempts_it_fails_and_says_so(use) -> None:
    use(Scripted(*[TryLater("away")] * MAX_ATTEMPTS))
    message = queued()
    at = NOW
    for _ in range(MAX_ATTEMPTS + 3):
        deliver_due(now=at)
        at += LONGEST
    assert (fresh(message).state, message.why) == (State.FAILED, Why.GAVE_UP)
    assert message.attempts == MAX_ATTEMPTS


@pytest.mark.parametrize("refusal", [Refused("550 no"), BadAddress("no such number")])
def test_what_will_never_be_taken_fails_at_once_with_its_reason(use, refusal) -> None:
    use(Scripted(refusal))
    message = queued()
    deliver_due(now=NOW)
    assert (fresh(message).state, message.attempts) == (State.FAILED, 1)
    assert (message.why, message.last_error) == (refusal.why, refusal.detail)


def test_an_unknown_outcome_waits_for_a_person(use) -> None:
    adapter = use(Scripted(OutcomeUnknown("cut off"), idempotent=False))
    message = queued()
    for days in range(3):
        deliver_due(now=NOW + timedelta(days=days))
    assert len(adapter.got) == 1
    assert (fresh(message).state, message.why) == (State.UNCLEAR, Why.INTERRUPTED)


@pytest.mark.parametrize(("idempotent", "then"), [(True, State.SENT), (False, State.UNCLEAR)])
def test_a_killed_sender_is_followed_up_when_its_lease_ends(use, idempotent, then) -> None:
    adapter = use(Scripted(Killed(), idempotent=idempotent))
    message = queued()
    with pytest.raises(Killed):
        deliver_due(now=NOW)
    assert deliver_due(now=NOW + LEASE - SECOND) == 0
    assert fresh(message).state == State.SENDING
    deliver_due(now=NOW + LEASE)
    assert fresh(message).state == then
    assert len(adapter.got) == (2 if idempotent else 1)


def test_what_another_adapter_had_is_not_sent_through_this_one(use) -> None:
    message = queued()
    Message.objects.filter(pk=message.pk).update(
        state=State.SENDING, adapter="smtp", lease_until=NOW
    )
    adapter = use(Scripted())
    deliver_due(now=NOW)
    assert fresh(message).state == State.UNCLEAR
    assert not adapter.got


def test_an_attempt_that_outlives_its_lease_still_tells_that_it_arrived(use) -> None:
    class Slow(Scripted):
        def send(self, message):
            super().send(message)
            deliver_due(now=NOW + LEASE)  # another worker comes by

    use(Slow(idempotent=False))
    message = queued()
    deliver_due(now=NOW)
    assert fresh(message).state == State.SENT


def test_an_adapter_with_a_fault_does_not_keep_the_others_from_going_out(use) -> None:
    use(Scripted(KeyError("fault")))
    first, second = queued(), queued("booking:2:confirmed:sms")
    deliver_due(now=NOW)
    assert (fresh(first).state, fresh(second).state) == (State.QUEUED, State.SENT)
    assert "KeyError" in first.last_error


def test_a_message_that_kills_every_process_is_given_to_a_person(use) -> None:
    use(Scripted(*[Killed()] * (MAX_ATTEMPTS + 1)))
    message = queued()
    for round_ in range(MAX_ATTEMPTS):
        with pytest.raises(Killed):
            deliver_due(now=NOW + LEASE * round_)
    deliver_due(now=NOW + LEASE * (MAX_ATTEMPTS + 1))
    assert fresh(message).state == State.UNCLEAR


def test_a_server_that_stops_begins_no_other_message(use) -> None:
    adapter = use(Scripted())
    for number in range(3):
        queued(f"booking:{number}:confirmed:sms")
    assert deliver_due(now=NOW, go_on=lambda: not adapter.got) == 1


@pytest.mark.django_db(transaction=False)
@hypothesis_settings(max_examples=40)
@given(cuts=st.lists(st.sampled_from(["before", "after", "busy"]), max_size=MAX_ATTEMPTS - 1))
def test_killed_before_or_after_it_arrived_a_person_gets_one_file(outbox, monkeypatch, cuts):
    """The file adapter against a list of kills; what counts is what lies in the folder."""
    Message.objects.all().delete()
    event = f"booking:{len(list(outbox.rglob('*')))}:{'-'.join(cuts)}"[:200]
    message = queued(event)
    link, steps = files._link, list(cuts)

    def interrupted(aside, final):
        step = steps.pop(0) if steps else ""
        if step == "busy":
            raise OSError(28, "No space left on device")
        if step == "before":
            raise Killed
        link(aside, final)
        if step == "after":
            raise Killed

    before = len(list(outbox.glob("sms/*")))
    with monkeypatch.context() as patch:
        patch.setattr(files, "_link", interrupted)
        at = NOW
        while fresh(message).state != State.SENT:
            with contextlib.suppress(Killed):
                deliver_due(now=at)
            at += LONGEST
    assert len(list(outbox.glob("sms/*"))) == before + 1
    assert not list(files.unfinished().iterdir())
