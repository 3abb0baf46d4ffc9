"""Many at one meeting at the same moment. Also a program, for a database of its own."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

CROWD, ROUNDS = 16, 8


def play() -> dict[str, Any]:
    """What came of each scene, as plain values."""
    from palveluverkko.meeting import links, meetings, seats
    from palveluverkko.meeting.models import Meeting, Seat
    from tests.booking.crowds import together
    from tests.meeting import build
    from tests.meeting.build import NOW, at

    build.build_service()
    everybody = range(CROWD)

    booking = build.booked()
    made = together(lambda _n: meetings.meeting_for_booking(booking.pk, now=NOW).pk, everybody)
    meeting = Meeting.objects.get(pk=made[0])
    link = links.issue_link(meeting.pk, "customer", now=NOW).link

    def opens(_n: int) -> str:
        return "a pass" if links.open_link(link, now=NOW).secret else ""

    def invites(_n: int) -> int:
        return links.issue_link(meeting.pk, "companion", now=NOW).seat.number

    found = {
        "meetings": Meeting.objects.count(),
        "opened": Counter(together(opens, everybody)),
        "seats": Counter(str(each) for each in together(invites, everybody)),
    }
    ends = together(lambda _n: meetings.end(meeting.pk, now=NOW), everybody)

    met: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    for n in range(ROUNDS):
        one = build.meeting(at(n))
        adviser = links.adviser_pass(one.pk, build.build_adviser(f"Aino {n}"), now=at(n)).seat.pk
        people = [adviser, build.seated(one, "customer", at(n)).seat.pk]
        together(lambda k, people=people, n=n: seats.join(people[k % 2], now=at(n)).state, range(4))
        met[str(Seat.objects.get(pk=people[1]).state)] += 1
        friend = build.came(one, "companion", at(n))

        def decides(k: int, adviser: int = adviser, number: int = friend.number, n: int = n) -> str:
            verb = seats.admit if k % 2 else seats.refuse
            return str(verb(number, by=adviser, now=at(n)).state)

        errors.update(word for word in together(decides, range(6)) if ": " in word)
        decided[str(Seat.objects.get(pk=friend.pk).state)] += 1
    return found | {"ended": ends.count(True), "met": met, "decided": decided, "errors": errors}


if __name__ == "__main__":
    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)

    print(json.dumps(play()))
