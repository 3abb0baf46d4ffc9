"""Promises are kept once, in time, and never lost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.messages import promises
from palveluverkko.messages.backoff import LONGEST
from palveluverkko.messages.models import Message, Promise, PromiseState
from palveluverkko.messages.promises import handles, promise, run_due, withdraw
from tests.messages.conftest import NOW, queued

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def no_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promises, "_handlers", {})


@pytest.fixture
def kept() -> list[str]:
    refs: list[str] = []
    handles("reminder")(refs.append)
    return refs


def owe(key: str = "reminder:12:v1", **changes):
    return promise(**{"kind": "reminder", "ref": "12", "due_at": NOW, "key": key, **changes})


def test_a_promise_is_kept_when_it_is_due_and_once(kept) -> None:
    owe()
    assert run_due(NOW - timedelta(seconds=1)) == 0
    assert run_due(NOW) == 1
    assert run_due(NOW + LONGEST) == 0
    assert kept == ["12"]


def test_the_same_key_is_the_same_promise(kept) -> None:
    first = owe()
    assert owe(due_at=NOW + LONGEST).pk == first.pk
    run_due(NOW + LONGEST)
    assert kept == ["12"]
    owe()
    assert run_due(NOW + 2 * LONGEST) == 0


def test_a_withdrawn_promise_is_never_kept(kept) -> None:
    owe()
    assert withdraw(key="reminder:12:v1")
    assert run_due(NOW + LONGEST) == 0
    assert not kept


def test_what_was_kept_cannot_be_withdrawn(kept) -> None:
    owe()
    run_due(NOW)
    assert not withdraw(key="reminder:12:v1")
    assert Promise.objects.get().state == PromiseState.DONE


def test_an_unknown_kind_stays_due_until_a_version_knows_it() -> None:
    owe(kind="future")
    assert run_due(NOW) == 0
    refs: list[str] = []
    handles("future")(refs.append)
    assert run_due(NOW) == 1
    assert refs == ["12"]


def test_what_a_failing_handler_did_is_undone_and_it_is_tried_again() -> None:
    tries: list[str] = []

    @handles("reminder")
    def remind(ref: str) -> None:
        queued(f"reminder:{ref}:try-{len(tries)}")
        tries.append(ref)
        if len(tries) < 3:
            raise RuntimeError("not yet")

    owe()
    assert run_due(NOW) == 0
    failed = Promise.objects.get()
    assert (failed.state, failed.attempts) == (PromiseState.DUE, 1)
    assert failed.last_error == "RuntimeError: not yet"
    assert failed.due_at == NOW
    assert NOW < failed.next_attempt_at < NOW + LONGEST
    assert run_due(NOW) == 0
    assert run_due(NOW + LONGEST) == 0
    assert run_due(NOW + 2 * LONGEST) == 1
    assert list(Message.objects.values_list("event", flat=True)) == ["reminder:12:try-2"]
    assert Promise.objects.get().last_error == ""


def test_a_handler_that_breaks_the_database_leaves_the_promise_due() -> None:
    @handles("reminder")
    def remind(ref: str) -> None:
        Promise.objects.filter(ref=ref).update(state="nonsense")

    owe()
    assert run_due(NOW) == 0
    assert Promise.objects.get().state == PromiseState.DUE
    assert IntegrityError.__name__ in Promise.objects.get().last_error


def test_one_failing_promise_does_not_hold_up_the_others(kept) -> None:
    @handles("broken")
    def broken(ref: str) -> None:
        raise RuntimeError

    owe("a", kind="broken")
    owe("b", ref="13")
    assert run_due(NOW) == 1
    assert kept == ["13"]


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_its_handler_it_is_still_owed() -> None:
    @handles("reminder")
    def remind(ref: str) -> None:
        queued("half-done")
        raise Killed

    owe()
    with pytest.raises(Killed):
        run_due(NOW)
    assert not Message.objects.exists()
    assert Promise.objects.get().state == PromiseState.DUE


def test_it_is_withdrawn_together_with_the_change_that_withdraws_it(kept) -> None:
    def change() -> None:
        with transaction.atomic():
            withdraw(key="reminder:12:v1")
            raise LookupError

    owe()
    with pytest.raises(LookupError):
        change()
    assert run_due(NOW) == 1


def test_two_handlers_for_one_kind_are_a_mistake(kept) -> None:
    with pytest.raises(ValueError, match="reminder"):
        handles("reminder")(lambda ref: None)
