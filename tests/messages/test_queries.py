"""What pages are told of the outbox."""

from datetime import timedelta

import pytest
from django.utils import translation

from palveluverkko.messages import promises, queries
from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.errors import BadAddress, OutcomeUnknown, TryLater
from palveluverkko.messages.models import JobRun, State
from palveluverkko.messages.promises import promise, run_due
from tests.messages.conftest import NOW, Scripted, queued

pytestmark = pytest.mark.django_db


def test_failures_tell_what_why_and_whether_it_can_be_sent_again(use) -> None:
    use(Scripted(BadAddress("550 who"), OutcomeUnknown("cut"), TryLater("away")))
    for number in range(4):
        queued(f"booking:{number}:confirmed:sms", about=f"booking:{number}")
    deliver_due(now=NOW)
    with translation.override("en"):
        refused, unclear, waiting = queries.failures(now=NOW)
    assert (refused.what, refused.about) == ("booking:0:confirmed:sms", "booking:0")
    assert refused.sentence == "The address cannot be right. Ask the customer for it."
    assert refused.detail == "550 who"
    assert (unclear.state, waiting.state) == (State.UNCLEAR, State.QUEUED)
    assert [f.can_resend for f in (refused, unclear, waiting)] == [True, True, False]
    assert waiting.next_attempt_at is not None


def test_promises_and_jobs_that_fail_are_told_as_well(monkeypatch) -> None:
    def broken(ref: str) -> None:
        raise RuntimeError("fault")

    monkeypatch.setattr(promises, "_handlers", {"broken": broken})
    for kind in ("broken", "future"):
        promise(kind=kind, ref="1", due_at=NOW, key=kind)
    promise(kind="future", ref="2", due_at=NOW + timedelta(days=1), key="not yet")
    JobRun.objects.create(name="demand.jobs.x", last_error="OSError: disk", last_run_at=NOW)
    run_due(NOW)
    found = queries.failures(now=NOW)
    assert [(f.kind, f.what, f.why) for f in found] == [
        ("promise", "broken", "handler_failed"),
        ("promise", "future", "no_handler"),
        ("job", "demand.jobs.x", "handler_failed"),
    ]
    counts = queries.counts(NOW)
    assert (counts.promises_due, counts.promises_failing, counts.jobs_failing) == (3, 2, 1)


def test_counts_hold_every_state(use) -> None:
    use(Scripted(BadAddress("no"), OutcomeUnknown("cut")))
    for number in range(3):
        queued(f"event:{number}")
    deliver_due(now=NOW)
    queued("event:later")
    counts = queries.counts()
    assert (counts.failed, counts.unclear, counts.sent, counts.queued) == (1, 1, 1, 1)
    assert counts.need_a_person == 2


def test_a_booking_tells_its_messages_without_their_text(use, django_assert_num_queries) -> None:
    use(Scripted())
    queued()
    queued("booking:1:reminder:email", channel="email", at=NOW + timedelta(days=1))
    queued("booking:2:confirmed:sms", about="booking:2")
    deliver_due(now=NOW)
    with django_assert_num_queries(1):
        first, second = queries.about("booking:1")
    assert (first.state, first.sent_at) == (State.SENT, NOW)
    assert (second.state, second.channel) == (State.QUEUED, "email")
    assert not hasattr(first, "text")
    assert not hasattr(first, "address")


def test_delays_grow_when_nobody_works() -> None:
    assert not queries.delays(NOW).late
    queued()
    promise(kind="reminder", ref="1", due_at=NOW + timedelta(hours=1), key="k")
    later = queries.delays(NOW + timedelta(hours=2))
    assert (later.message, later.promise) == (timedelta(hours=2), timedelta(hours=1))
    assert later.late
