"""The database itself refuses what a queue must never hold, whoever writes it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from palveluverkko.walkins.models import DeskSession, Tally, Ticket
from tests.walkins.build import NOW, at, build_adviser, build_desk, take

pytestmark = pytest.mark.django_db
CALLED = {"state": "called", "called_at": at(1)}


def refused(change) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_a_number_a_key_and_a_link_belong_to_one_ticket(point):
    take(key="a"), take(key="b")
    first = Ticket.objects.get(key="a")
    for field in ("number", "key", "token"):
        refused(lambda f=field: Ticket.objects.filter(key="b").update(**{f: getattr(first, f)}))


@pytest.mark.parametrize("same", ["desk", "adviser"])
def test_a_desk_and_an_adviser_have_one_customer_at_a_time(point, same):
    resources = {
        "desk": [build_desk(point), build_desk(point, 2)],
        "adviser": [build_adviser(), build_adviser("Berit")],
    }
    resources[same][1] = resources[same][0]
    for i in range(2):
        ticket = Ticket.objects.filter(pk=take().id)
        change = {**CALLED, "desk": resources["desk"][i], "adviser": resources["adviser"][i]}
        if i == 0:
            ticket.update(**change)
        else:
            refused(lambda t=ticket, c=change: t.update(**c))


@pytest.mark.parametrize(
    "change",
    [
        {"state": "lost"},
        {"state": "called"},
        {"state": "called", "called_at": at(1)},
        {"state": "left"},
        {"state": "served", "ended_at": at(2), "visit_day": "2026-03-02"},
        {"state": "left", "ended_at": at(-1)},
        {"state": "left", "ended_at": at(2), "visit_day": "2026-03-02"},
        {"ended_at": at(2)},
        {"called_at": at(2)},
        {"state": "left", "ended_at": at(2), "called_at": at(-1)},
        {"state": "left", "ended_at": at(2), "called_at": at(1), "started_at": at(0.5)},
        {"state": "left", "ended_at": at(2), "called_at": at(1), "started_at": at(3)},
    ],
)
def test_impossible_tickets_are_refused(point, change):
    ticket = Ticket.objects.filter(pk=take().id)
    refused(lambda: ticket.update(**change))


def test_impossible_sessions_and_tallies_are_refused(point, desk):
    rows = DeskSession.objects.filter(pk=desk.id)
    refused(lambda: rows.update(state="asleep"))
    refused(lambda: rows.update(until=at(-1)))
    for clash in ("desk_id", "adviser_id"):
        fields = {"desk_id": build_desk(point, 2).pk, "adviser_id": build_adviser("Berit").pk}
        fields[clash] = getattr(desk, clash)
        refused(
            lambda f=fields: DeskSession.objects.create(
                point=point, day="2026-03-02", since=NOW, **f
            )
        )
    refused(
        lambda: Tally.objects.create(
            point=point, service_id="general", mode="pigeon", day="2026-03-02", key="k", at=NOW
        )
    )
