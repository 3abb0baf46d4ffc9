"""Kamailio lets through the one call that a ticket names, and nothing else."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from palveluverkko.contact.dialling.tickets import HOLDS, Ticket, ticket_for
from telephony import parts
from tests.telephony import parts_needed
from tests.telephony.caller import Caller, calling, invite, over_udp, request

pytestmark = [parts_needed, pytest.mark.django_db]
SECRET = "a secret"
BUSY = "+358401234486"  # the operator of the tests says so, which shows that the call reached it
PREMIUM = "+358600123456"


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[parts.Agency]:
    made = parts.Agency(origin="https://pages.test", secret=SECRET)
    with parts.telephone_network(made, tmp_path_factory.mktemp("border")):
        yield made


@pytest.fixture
def caller(agency: parts.Agency) -> Iterator[Caller]:
    with calling(agency) as connected:
        yield connected


def ticket(number: str = BUSY, secret: str = SECRET, age: timedelta = timedelta()) -> Ticket:
    return ticket_for(number, secret, timezone.now() - age)


def status(answer: str) -> int:
    return int(answer.split()[1])


def test_a_ticket_calls_its_number_once(caller: Caller) -> None:
    shown = ticket()
    assert status(caller.invite(shown)) == 486
    assert "Ticket Used" in caller.invite(shown)
    assert status(caller.invite(ticket())) == 486


def test_without_a_ticket_a_call_is_asked_for_one(caller: Caller, agency: parts.Agency) -> None:
    assert status(caller.say(invite(agency, BUSY, agency.number, "a-call", 1))) == 407


def test_a_ticket_is_for_no_other_number(caller: Caller) -> None:
    assert "Not In The Ticket" in caller.invite(ticket(), to="+358401234404")
    assert "Not In The Ticket" in caller.invite(ticket(), to=PREMIUM)


def test_a_ticket_made_for_another_number_is_forged(caller: Caller) -> None:
    true = ticket()
    forged = dataclasses.replace(true, number=PREMIUM, name=true.name.replace(BUSY, PREMIUM))
    assert "Ticket Not Valid" in caller.invite(forged)


def test_a_ticket_that_was_made_later_is_forged(caller: Caller) -> None:
    old = ticket(age=HOLDS * 2)
    expiry, rest = old.name.split(":", 1)
    assert "Ticket Not Valid" in caller.invite(old)
    forged = dataclasses.replace(old, name=f"{int(expiry) + 3600}:{rest}")
    assert "Ticket Not Valid" in caller.invite(forged)


def test_a_ticket_of_another_secret_opens_nothing(caller: Caller) -> None:
    assert "Ticket Not Valid" in caller.invite(ticket(secret="another"))


def test_nobody_calls_as_somebody_else(caller: Caller) -> None:
    assert "Not In The Ticket" in caller.invite(ticket(), caller="+358401112222")


@pytest.mark.parametrize("method", ["REGISTER", "MESSAGE", "SUBSCRIBE", "REFER", "OPTIONS"])
def test_a_page_can_only_call(caller: Caller, agency: parts.Agency, method: str) -> None:
    assert status(caller.say(request(method, agency, BUSY, agency.number, "x", 1))) == 405


@pytest.mark.parametrize("method", ["INVITE", "BYE", "INFO", "UPDATE"])
def test_no_call_is_entered_that_we_do_not_know(
    caller: Caller, agency: parts.Agency, method: str
) -> None:
    """A made-up call with a route of its own would be a way round the ticket."""
    route = f"Route: <sip:{agency.address}:{agency.sip};lr;ftag=x>"
    for headers in ((), (route,)):
        sent = request(method, agency, PREMIUM, agency.number, "x", 2, headers, to_tag="made-up")
        assert status(caller.say(sent)) in (404, 481)


def test_other_sites_get_no_connection(agency: parts.Agency) -> None:
    with pytest.raises(InvalidStatus, match="403"), calling(agency, origin="https://other.test"):
        pass


def test_nobody_calls_through_us_from_the_telephone_network(agency: parts.Agency) -> None:
    sent = request("INVITE", agency, BUSY, agency.number, "out", 1, via="UDP")
    assert status(over_udp(agency, sent)) == 403


@pytest.mark.parametrize("length", [10, 5_000, 70_000])
def test_garbage_ends_nothing(agency: parts.Agency, length: int) -> None:
    with calling(agency) as rude:
        rude.send("INVITE " + "x" * length + "\r\n\r\n")
    with calling(agency) as after:
        assert status(after.invite(ticket())) == 486


def test_what_a_page_adds_does_not_leave(caller: Caller, agency: parts.Agency) -> None:
    """The network would believe another number that a page says it calls from."""
    added = ("P-Asserted-Identity: <sip:+358999@x>", "User-Agent: a browser", "Privacy: id")
    said = caller.invite(ticket(), headers=added)
    assert f"Seen-Identity: sip:{agency.number}@{agency.domain}\r\n" in said
    assert "Seen-Agent: <null>" in said
