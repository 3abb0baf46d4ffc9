"""One point's change monitor as a value that can be stored: each new week moves it on one step."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np

from palveluverkko.measuring.cusum import Bank, advance, as_change, new_bank
from palveluverkko.measuring.model import Change
from palveluverkko.measuring.trend import season_terms
from palveluverkko.snapshot.model import WeekStatus


@dataclass(frozen=True, slots=True)
class ChangeState:
    """One point's monitor after the week before ``monday``; numbers as in :class:`Bank`.

    ``numbers`` are the bank's fields in order, matrices row by row; ``up_since`` and
    ``down_since`` are the Mondays on which the running CUSUMs left zero.
    """

    monday: date
    numbers: tuple[float, ...]
    up_since: date | None = None
    down_since: date | None = None


def new_state(monday: date) -> ChangeState:
    """A monitor that has seen nothing yet; ``monday`` begins the first week it will be given."""
    return ChangeState(monday, _flatten(new_bank(1)))


def update(state: ChangeState, visits: int, status: int) -> tuple[ChangeState, Change | None]:
    """Give the monitor its next week; the new state, and the change if this week settled one.

    Constant time and memory. Only ``COMPLETE`` weeks teach it anything; every other week only
    moves the calendar on.
    """
    bank = _unflatten(state.numbers)
    usable = np.array([status == WeekStatus.COMPLETE])
    alarms = advance(bank, np.array([float(visits)]), usable, season_terms([state.monday])[0])
    change = None
    if alarms.direction[0]:
        rising = alarms.direction[0] > 0
        since = (state.up_since if rising else state.down_since) or state.monday
        change = as_change(alarms.direction[0], since, alarms.statistic[0])
    following = ChangeState(
        state.monday + timedelta(weeks=1),
        _flatten(bank),
        _since(bank.up_run[0], state.up_since, state.monday),
        _since(bank.down_run[0], state.down_since, state.monday),
    )
    return following, change


def _since(run: float, before: date | None, monday: date) -> date | None:
    if run == 0:
        return None
    return before or monday


def _flatten(bank: Bank) -> tuple[float, ...]:
    return tuple(float(x) for f in fields(Bank) for x in getattr(bank, f.name).ravel())


def _unflatten(numbers: tuple[float, ...]) -> Bank:
    bank = new_bank(1)
    at = 0
    for f in fields(Bank):
        array = getattr(bank, f.name)
        array[...] = np.reshape(numbers[at : at + array.size], array.shape)
        at += array.size
    return bank
