"""Waits grow, have a limit and differ."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from palveluverkko.messages.backoff import FIRST, LONGEST, wait_after

ATTEMPTS = st.integers(0, 100_000)
CHANCES = st.floats(0, 1, exclude_max=True)


@given(attempts=ATTEMPTS, chance=CHANCES)
def test_every_wait_lies_between_three_quarters_of_the_first_and_the_longest(attempts, chance):
    assert FIRST * 0.75 <= wait_after(attempts, chance) <= LONGEST


@given(attempts=ATTEMPTS, chance=CHANCES)
def test_a_later_failure_never_waits_shorter(attempts, chance):
    assert wait_after(attempts + 1, chance) >= wait_after(attempts, chance)


def test_waits_double():
    waits = [wait_after(n, 0.0) for n in range(1, 5)]
    assert waits == [timedelta(seconds=s) for s in (30, 60, 120, 240)]


def test_those_that_failed_together_do_not_come_back_together():
    assert len({wait_after(3) for _ in range(20)}) > 10
