"""Sixty-four customers and eight advisers at once. Also a program, for a database of its own."""

from __future__ import annotations

import json

CUSTOMERS, ADVISERS = 64, 8


def contend() -> dict[str, object]:
    """What came of it, as plain values. Every key comes twice: a double press of each customer."""
    from palveluverkko.contact import balance, pool, states
    from palveluverkko.contact.errors import PoolError
    from palveluverkko.contact.models import Contact
    from palveluverkko.contact.rows import agency_day
    from palveluverkko.demand.models import ChannelContacts
    from tests.contact.pool_build import at, at_work, build_service
    from tests.walkins.contention import together

    build_service()
    advisers = [at_work(f"A{i}") for i in range(ADVISERS)]
    accepted: list[tuple[int, int]] = []

    def comes(i: int) -> int:
        return pool.enter("web_call", "general", "fi", key=f"k{i // 2}", now=at(0)).pk

    def works(adviser: int) -> None:
        """Takes what is offered; now and then the offer is missed, or the customer gives up."""
        for turn in range(400):
            offered = Contact.objects.filter(adviser_id=adviser, state="offered").first()
            if offered is None:
                try:
                    states.ready(adviser, now=at(1))
                except PoolError:
                    continue
                if not Contact.objects.filter(state__in=("waiting", "offered")).exists():
                    return
                continue
            try:
                if turn % 5 == 1:
                    pool.decline(offered.pk, adviser, now=at(1))
                elif turn % 7 == 1:
                    pool.abandon(offered.pk, now=at(1))
                else:
                    pool.accept(offered.pk, adviser, now=at(1))
                    accepted.append((offered.pk, adviser))
                    pool.finish(offered.pk, now=at(2))
            except PoolError:
                continue

    came = together(comes, range(CUSTOMERS))
    together(works, advisers)
    last = pool.enter("web_call", "general", "fi", key="last", now=at(3))
    if last.state == "waiting":
        states.ready(advisers[0], now=at(3))
        last.refresh_from_db()
    adviser_id = last.adviser_id
    assert adviser_id is not None
    together(lambda _i: pool.accept(last.pk, adviser_id, now=at(3)).state, range(CUSTOMERS))
    presses = together(lambda _i: pool.finish(last.pk, now=at(4)).state, range(CUSTOMERS))
    (day,) = balance.balances(agency_day(at(0)))
    return {
        "contacts": Contact.objects.count(),
        "pairs": all(came.count(pk) == 2 for pk in came),
        "accepted_once": len(accepted) == len({pk for pk, _adviser in accepted}),
        "ended": day.offered - day.open,
        "holds": day.holds,
        "presses": sorted(set(presses)),
        "answered": day.answered,
        "served": sum(ChannelContacts.objects.values_list("contacts", flat=True)),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(contend()))
