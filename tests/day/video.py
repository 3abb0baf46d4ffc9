"""Videos at once, entered and answered through the pool's own verbs by a customer's side and an
adviser's side that are always heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from asgiref.sync import sync_to_async

from palveluverkko.booking.models import Resource
from palveluverkko.contact import pool, states
from palveluverkko.contact.models import Channel, Contact
from tests.day.customers import LANGUAGES, World
from tests.day.ledger import Called, Talk
from tests.day.town import SERVICES

ADVISER = 900


@dataclass
class Studio:
    """One adviser by video, and so many customers over the day."""

    world: World
    videos: int
    opens: datetime

    def __post_init__(self) -> None:
        chance = self.world.chance
        span = timedelta(hours=8).total_seconds()
        came = sorted(
            self.opens + timedelta(minutes=20, seconds=chance.random() * span)
            for _ in range(self.videos)
        )
        self.coming = list(enumerate(came))
        self.waiting: list[tuple[int, Called, datetime]] = []
        self.talk: tuple[Talk, int, datetime] | None = None
        self.adviser = 0

    async def step(self, now: datetime) -> None:
        if self.videos:
            await sync_to_async(self._step)(now)

    def _step(self, now: datetime) -> None:
        if not self.adviser and now >= self.opens + timedelta(minutes=10):
            person = Resource.objects.create(
                kind="adviser", name="Studio", services=list(SERVICES), languages=["fi", "sv", "en"]
            )
            self.adviser = states.begin(person.pk, [Channel.VIDEO]).pk
        if self.adviser:
            self._at_desk(now)
        while self.coming and self.coming[0][1] <= now:
            self._come(*self.coming.pop(0))
        for one in list(self.waiting):
            self._wait(one, now)

    def _come(self, number: int, at: datetime) -> None:
        chance = self.world.chance
        contact = pool.enter(
            Channel.VIDEO, chance.choice(SERVICES), chance.choice(LANGUAGES), key=f"video-{number}"
        )
        called = Called(contact.token, "video", at)
        self.world.ledger.calls.append(called)
        patience = at + timedelta(minutes=3 + chance.expovariate(1 / 30))
        self.waiting.append((contact.pk, called, patience))

    def _wait(self, one: tuple[int, Called, datetime], now: datetime) -> None:
        pk, called, patience = one
        if now >= patience and called.last_word == "waiting":
            pool.abandon(pk)
            called.went = "left"
        pool.heard(pk)
        called.last_word = "waiting"
        state = Contact.objects.values_list("state", flat=True).get(pk=pk)
        if state not in ("waiting", "offered"):
            called.last_word, called.reached = state, called.reached or state == "talking"
        if state in ("answered", "abandoned"):
            self.waiting.remove(one)

    def _at_desk(self, now: datetime) -> None:
        states.heard_adviser(self.adviser)
        if self.talk is not None:
            talk, pk, until = self.talk
            if now >= until:
                self.world.ledger.end(talk, "finished")
                pool.finish(pk)
                self.talk = None
            return
        mine = Contact.objects.filter(adviser=self.adviser, state__in=("offered", "talking"))
        for contact in mine:
            pool.accept(contact.pk, self.adviser)
            talk = self.world.ledger.begin(ADVISER, f"contact {contact.pk}")
            until = now + timedelta(minutes=2 + self.world.chance.expovariate(1 / 5))
            self.talk = (talk, contact.pk, until)
