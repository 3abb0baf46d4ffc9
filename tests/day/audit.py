"""The records, held against what people saw. Each finding is a list that must be empty."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import Sum

from palveluverkko.contact.models import (
    CallbackAttempt,
    CallbackRequest,
    Channel,
    Contact,
    DayBalance,
)
from palveluverkko.demand.models import ChannelContacts
from palveluverkko.messages.models import Message, Promise, PromiseState
from tests.booking.world import MONDAY
from tests.day.ledger import Called, Inbox, Ledger

State = CallbackRequest.State
UNSERVED = ("no_answer", "busy", "wrong_number", "later")
FINAL = (State.SERVED, State.CANCELLED, State.UNREACHED)
# What the customer's page says of each state.
SAYS = {
    "We call you": (State.OPEN,),
    "Our call to you": (State.OPEN,),
    "We are calling you now": (State.CALLING,),
    "We have talked with you": (State.SERVED,),
    "Your request is cancelled": (State.CANCELLED,),
    "The phone number seems to be wrong": (State.UNREACHED,),
    "We could not reach you": (State.UNREACHED,),
}


def findings(ledger: Ledger, inbox: Inbox, night: datetime) -> dict[str, list[Any]]:
    inbox.look()
    return {
        "two_at_once": ledger.at_once("adviser"),
        "called_at_once": ledger.at_once("what"),
        "balance": _balance(ledger),
        "calls": _calls(ledger),
        "given_up": _given_up(ledger),
        "cut_off": _cut_off(ledger),
        "requests": _requests(ledger, night),
        "outcomes": _outcomes(ledger),
        "left_the_pool": _left_the_pool(ledger, inbox),
        "demand": _demand(ledger),
        "messages": _messages(inbox),
        "told": _told(ledger, inbox),
        "promises": _promises(night),
    }


def _balance(ledger: Ledger) -> list[Any]:
    """The recorded day adds up, and to what people saw."""
    rows = {row.channel: row for row in DayBalance.objects.filter(day=MONDAY)}
    wrong: list[Any] = []
    for row in rows.values():
        parts = row.answered + row.abandoned + row.blocked + row.callbacks
        if row.offered != parts:
            wrong.append((row.channel, row.offered, parts))
    for channel in ("web_call", "video"):
        seen = Counter(_end_of(ledger, c) for c in ledger.calls if c.channel == channel)
        seen["blocked"] = ledger.blocked[channel]
        kept = rows.get(channel)
        names = {"answered": 0, "abandoned": 0, "blocked": 0, "callbacks": 0}
        found = {n: getattr(kept, n) if kept else 0 for n in names}
        if found != {n: seen[n] for n in names}:
            wrong.append((channel, found, dict(seen)))
    served = sum(t.outcome == "served" for t in ledger.talks)
    kept = rows.get("callback")
    if (kept.answered if kept else 0) != served:
        wrong.append(("callback", kept and kept.answered, served))
    return wrong


def _end_of(ledger: Ledger, called: Called) -> str:
    """How it ended, by what the page said last; of who heard no end, by what both sides did."""
    if called.last_word in ("answered", "abandoned"):
        return called.last_word
    if called.last_word == "callback":
        return "callbacks"
    if called.went == "callback":
        return "callbacks"
    pk = Contact.objects.values_list("pk", flat=True).get(token=called.token)
    talked = [t for t in ledger.talks if t.what == f"contact {pk}"]
    return "answered" if talked and talked[-1].outcome != "vanished" else "abandoned"


def _calls(ledger: Ledger) -> list[Any]:
    """Every call that a customer began is on record once, and nothing that nobody began."""
    seen = Counter(c.token for c in ledger.calls)
    kept = Contact.objects.exclude(channel=Channel.CALLBACK).exclude(state="blocked")
    tokens = set(kept.values_list("token", flat=True))
    odd = [t for t, n in seen.items() if n != 1] + list(tokens ^ set(seen))
    unfinished = list(Contact.objects.filter(state__in=Contact.OPEN, came_at__date=MONDAY))
    return odd + unfinished


def _given_up(ledger: Ledger) -> list[Any]:
    """Whoever stays at the page is not given up, whatever is killed meanwhile."""
    tokens = dict(Contact.objects.values_list("token", "pk"))
    finished = {t.what for t in ledger.talks if t.outcome == "finished"}
    stayed = [c for c in ledger.calls if not c.went and c.last_word in ("abandoned", "closed")]
    return [c for c in stayed if f"contact {tokens[c.token]}" not in finished]


def _cut_off(ledger: Ledger) -> list[Any]:
    """Talks that ended without the adviser's doing and without the customer's."""
    tokens = dict(Contact.objects.values_list("pk", "token"))
    went = {c.token: c.went for c in ledger.calls}
    ended = [t for t in ledger.talks if t.outcome == "by the customer"]
    return [t for t in ended if not went[tokens[int(t.what.split()[1])]]]


def _requests(ledger: Ledger, night: datetime) -> list[Any]:
    """Each confirmed request is there once: in a final state, or with a time still to come."""
    rows = {r.pk: r for r in CallbackRequest.objects.all()}
    seen = Counter(a.pk for a in ledger.asked)
    wrong: list[Any] = [pk for pk, n in seen.items() if n != 1]
    wrong += sorted(rows.keys() ^ seen.keys())
    for asked in ledger.asked:
        row = rows.get(asked.pk)
        if row is None or row.phone != asked.phone:
            wrong.append(("lost", asked))
            continue
        owed = row.state == State.OPEN and row.next_attempt_at is not None
        if row.state not in FINAL and not owed:
            wrong.append(("in between", row.pk, row.state, row.next_attempt_at))
        if owed and row.due_until is not None and row.due_until < night:
            wrong.append(("overdue", row.pk, row.due_until))
        if asked.cancelled and row.state != State.CANCELLED:
            wrong.append(("not cancelled", row.pk, row.state))
        if row.state == State.CANCELLED and not asked.cancelled:
            wrong.append(("cancelled by nobody", row.pk))
        if row.state not in SAYS.get(asked.heading, ()):
            wrong.append(("page says", row.pk, row.state, asked.heading))
    return wrong


def _outcomes(ledger: Ledger) -> list[Any]:
    """What advisers said of a request is what its tries say, in the order of the day."""
    kept: dict[int, list[str]] = {}
    for attempt in CallbackAttempt.objects.order_by("request_id", "number"):
        kept.setdefault(attempt.request_id, []).append(attempt.outcome)
    seen: dict[int, list[str]] = {}
    # A page that came back in time goes on with its attempt: what was said last counts.
    said = {t.attempt: t for t in sorted(ledger.talks, key=lambda t: t.began) if t.attempt}
    for talk in said.values():
        lost = talk.outcome in ("vanished", "given back")
        seen.setdefault(int(talk.what.split()[1]), []).append("lost" if lost else talk.outcome)
    return [
        (pk, kept.get(pk), seen.get(pk))
        for pk in sorted(kept.keys() | seen.keys())
        if kept.get(pk) != seen.get(pk)
    ]


def _left_the_pool(ledger: Ledger, inbox: Inbox) -> list[Any]:
    """Who left the pool uncalled had changed, cancelled, was missed and told, or is owed a call."""
    asked = {a.pk: a for a in ledger.asked}
    uncalled = Contact.objects.filter(
        channel=Channel.CALLBACK, state="abandoned", answered_at=None
    ).select_related("callback")
    wrong = []
    for contact in uncalled:
        request = contact.callback
        assert request is not None
        one = asked[request.pk]
        missed = any(":missed:" in m["event"] for m in inbox.messages[request.phone])
        told = missed or one.changes or one.cancelled
        if not told and request.state != State.OPEN:
            wrong.append((request.pk, request.state))
    return wrong


def _demand(ledger: Ledger) -> list[Any]:
    """Each served contact is one of the day's demand, on its channel."""
    rows = (
        ChannelContacts.objects.filter(date=MONDAY)
        .values_list("channel")
        .annotate(n=Sum("contacts"))
    )
    kept = dict(rows)
    answered = Counter(c.channel for c in ledger.calls if _end_of(ledger, c) == "answered")
    served = sum(t.outcome == "served" for t in ledger.talks)
    seen = {"phone": answered["web_call"] + served, "video": answered["video"]}
    return [] if {c: kept.get(c, 0) for c in seen} == seen else [(kept, seen)]


def _messages(inbox: Inbox) -> list[Any]:
    """Every message went out once; what was not sent was overtaken by news before it could go."""
    out = Counter(m["event"] for messages in inbox.messages.values() for m in messages)
    kept = dict(Message.objects.values_list("event", "state"))
    wrong: list[Any] = [(e, "sent so often", n) for e, n in out.items() if n != 1]
    wrong += [(e, s) for e, s in kept.items() if s not in ("sent", "cancelled")]
    wrong += [(e, "not out") for e, s in kept.items() if s == "sent" and out[e] != 1]
    wrong += [(e, "out, but", kept.get(e)) for e in out if kept.get(e) != "sent"]
    return wrong


def _told(ledger: Ledger, inbox: Inbox) -> list[Any]:
    """Each customer with a mobile telephone got one confirmation, or later news in its place."""
    overtaken = set(Message.objects.filter(state="cancelled").values_list("event", flat=True))
    wrong = []
    for asked in ledger.asked:
        if not asked.phone.startswith("+35840"):
            continue
        about = [m["event"].split(":") for m in inbox.messages[asked.phone]]
        mine = Counter(event[2] for event in about if event[1] == str(asked.pk))
        first = f"callback:{asked.pk}:confirmed:v1:sms"
        if mine["confirmed"] + (first in overtaken) != 1:
            wrong.append((asked.pk, "confirmed", dict(mine)))
        if mine["cancelled"] != asked.cancelled:
            wrong.append((asked.pk, "cancelled", dict(mine)))
        changed = [e for e in overtaken if e.startswith(f"callback:{asked.pk}:changed:")]
        if mine["changed"] + len(changed) != asked.changes:
            wrong.append((asked.pk, "changed", dict(mine), asked.changes))
    return wrong


def _promises(night: datetime) -> list[Any]:
    """What was owed by the clock was kept once, or was not owed any more."""
    late = Promise.objects.filter(state=PromiseState.DUE, due_at__lt=night)
    wrong: list[Any] = [("late", p.kind, p.ref) for p in late]
    for kept in Promise.objects.filter(state=PromiseState.DONE, kind="callback-reminder"):
        pk, version = kept.ref.split(":")
        told = Message.objects.filter(event=f"callback:{pk}:reminder:v{version}:sms").count()
        request = CallbackRequest.objects.get(pk=pk)
        mobile = request.phone.startswith("+35840")
        if told > 1 or (told == 0 and mobile and _was_owed(request, int(version))):
            wrong.append(("reminder", kept.ref, told))
    return wrong


def _was_owed(request: CallbackRequest, version: int) -> bool:
    """Nothing happened to it since it was promised: neither a call nor a change."""
    return request.version == version and not request.tries.exists()
