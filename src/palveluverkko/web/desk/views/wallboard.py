"""The managers' wallboard of remote work: now, today, and the days before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palveluverkko.booking import offerings
from palveluverkko.contact.balance import Balance, level_of
from palveluverkko.contact.models import AdviserState, Channel, DayBalance
from palveluverkko.contact.policy import IN_TIME_SECONDS
from palveluverkko.contact.queries import Board, board
from palveluverkko.queueing.fairness import Gap, NoGap, Waits, WhyNoGap
from palveluverkko.web.desk import words
from palveluverkko.web.desk.rights import managers_page
from palveluverkko.web.portal import clock
from palveluverkko.web.templatetags.pages import language_name

SUMMED = ("offered", "answered", "abandoned", "blocked", "callbacks", "open", "in_time", "redials")


@managers_page
def wallboard(request: HttpRequest) -> HttpResponse:
    now = board(clock.now())
    names = words.service_names()
    context = {
        "board": now,
        "now": words.clock(now.at, offerings.current().zone),
        "lines": [
            (language_name(line.language), names.get(line.service, line.service), line)
            for line in now.lines
        ],
        "advisers": [
            (label, now.advisers.by_state[code]) for code, label in AdviserState.State.choices
        ],
        "at_work": sum(now.advisers.by_state.values()),
        "channels": [_row(one) for one in now.today],
        "total": _total(now.today),
        "gaps": [gap_words(code, gap) for code, gap in now.gaps],
        "languages": _languages(now),
        "past": [_past(row) for row in now.past],
        "in_time": IN_TIME_SECONDS,
    }
    return render(request, "desk/wallboard.html", context)


def channel_name(code: str) -> str:
    return str(dict(Channel.choices).get(code, code))


def _row(one: Balance) -> dict[str, object]:
    return {
        "name": channel_name(one.channel),
        "figures": one,
        "level": one.service_level,
        "waits": one.waits,
    }


def _languages(now: Board) -> list[tuple[str, str, int, Waits | None]]:
    """Every language that anybody came in; without waits where nobody has been answered."""
    waits = {(one.channel, code): w for one in now.today for code, w in one.by_language.items()}
    return [
        (channel_name(channel), language_name(code), came, waits.get((channel, code)))
        for channel, code, came in now.languages
    ]


def _total(today: tuple[Balance, ...]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in today) for name in SUMMED}


def _past(row: DayBalance) -> dict[str, object]:
    mean, p90 = row.wait_mean_seconds, row.wait_p90_seconds
    return {
        "day": row.day,
        "name": channel_name(row.channel),
        "figures": row,
        "level": level_of(row),
        "waits": None if mean is None or p90 is None else Waits(row.answered, mean, p90),
    }


def gap_words(code: str, gap: Gap | NoGap) -> str:
    """How a language waits beside the first one; chance is named as chance."""
    if isinstance(gap, NoGap):
        return _no_gap(code, gap)
    seconds = abs(round(gap.seconds))
    low, high = round(gap.low_seconds), round(gap.high_seconds)
    if high < 0:
        low, high = -high, -low  # "12 seconds less (between 4 and 20)"
    named = {
        "language": language_name(gap.language),
        "other": language_name(gap.other),
        "n": seconds,
        "low": low,
        "high": high,
    }
    if gap.low_seconds <= 0 <= gap.high_seconds:
        return (
            _(
                "%(language)s and %(other)s: no difference beyond chance "
                "(between %(low)s and %(high)s seconds)."
            )
            % named
        )
    longer = ngettext(
        "%(language)s waits %(n)s second longer than %(other)s (between %(low)s and %(high)s).",
        "%(language)s waits %(n)s seconds longer than %(other)s (between %(low)s and %(high)s).",
        seconds,
    )
    shorter = ngettext(
        "%(language)s waits %(n)s second less than %(other)s (between %(low)s and %(high)s).",
        "%(language)s waits %(n)s seconds less than %(other)s (between %(low)s and %(high)s).",
        seconds,
    )
    return (longer if gap.seconds > 0 else shorter) % named


def _no_gap(code: str, gap: NoGap) -> str:
    language = {"language": language_name(code)}
    if gap.why == WhyNoGap.FEW_CONTACTS:
        return _("%(language)s: unknown, because too few have been answered today.") % language
    return _("%(language)s: unknown until more hours of the day have passed.") % language
