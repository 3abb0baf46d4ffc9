"""After a month the outbox knows that something was sent, not to whom or what."""

import os
import time
from datetime import timedelta

import pytest

from palveluverkko.messages.adapters import files
from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.errors import CannotResend
from palveluverkko.messages.models import Enclosure, Message, Promise, PromiseState, State
from palveluverkko.messages.promises import promise
from palveluverkko.messages.retention import forget, forget_old, sweep_outbox
from palveluverkko.messages.services import Attachment, resend
from tests.messages.conftest import NOW, Scripted, queued

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


def test_address_text_and_enclosures_go_and_the_event_stays(use) -> None:
    adapter = use(Scripted())
    queued(attachments=(Attachment("a.pdf", "application/pdf", b"x"),))
    deliver_due(now=NOW)
    assert forget(NOW + MONTH) == 0
    assert forget(NOW + MONTH + timedelta(seconds=1)) == 1
    left = Message.objects.get()
    assert (left.address, left.subject, left.text, left.last_error) == ("", "", "", "")
    assert (left.event, left.state) == ("booking:1:confirmed:sms", State.SENT)
    assert not Enclosure.objects.exists()
    assert queued().pk == left.pk
    deliver_due(now=NOW + 2 * MONTH)
    assert len(adapter.got) == 1


def test_what_still_waits_is_kept() -> None:
    queued()
    assert forget(NOW + 10 * MONTH) == 0
    assert Message.objects.get().text


def test_what_was_forgotten_cannot_be_sent_again(use) -> None:
    use(Scripted())
    message = queued()
    deliver_due(now=NOW)
    forget(NOW + 2 * MONTH)
    with pytest.raises(CannotResend) as refused:
        resend(message.pk)
    assert refused.value.forgotten


def test_old_kept_promises_go_and_owed_ones_stay() -> None:
    promise(kind="reminder", ref="1", due_at=NOW, key="kept")
    promise(kind="reminder", ref="2", due_at=NOW, key="owed")
    Promise.objects.filter(key="kept").update(state=PromiseState.DONE, done_at=NOW)
    forget(NOW + 2 * MONTH)
    assert [p.key for p in Promise.objects.all()] == ["owed"]


def test_files_that_a_killed_process_left_are_swept() -> None:
    files.unfinished().mkdir(parents=True)
    for name, age in (("old", 100_000), ("new", 10)):
        file = files.unfinished() / name
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    forget_old()
    assert [f.name for f in files.unfinished().iterdir()] == ["new"]


def test_files_that_nobody_took_away_go_after_a_month(settings) -> None:
    """Also the numbers that were to be dialled; what came yesterday stays."""
    for name, days in (("sms/old", 31), ("dial/old", 31), ("sms/new", 1)):
        file = files.outbox() / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (time.time() - days * 86_400,) * 2)
    assert sweep_outbox() == 2
    assert [f.name for f in files.outbox().glob("*/*")] == ["new.json"]


def test_a_message_whose_file_is_gone_is_not_sent_again() -> None:
    queued()
    deliver_due(now=NOW)
    (file,) = files.outbox().glob("sms/*.json")
    os.utime(file, (time.time() - 31 * 86_400,) * 2)
    forget_old()
    queued()
    assert deliver_due(now=NOW + 2 * MONTH) == 0
    assert not list(files.outbox().glob("sms/*"))
