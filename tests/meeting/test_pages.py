"""The way into the room: neutral to strangers, and without a secret in any address."""

from __future__ import annotations

import logging

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from palveluverkko.booking.models import Resource
from palveluverkko.config.logs import HideLinks
from palveluverkko.meeting import asks, links, meetings, seats
from palveluverkko.meeting.models import Meeting, Seat
from palveluverkko.meeting.passes import COOKIE
from tests.meeting import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    build.build_service()
    now = timezone.now()
    return meetings.meeting_for_booking(build.booked(now).pk, now=now)


def page_of(link: str) -> str:
    return f"/en/meeting/{link}/"


def opened(link: str, client: Client | None = None) -> Client:
    client = client or Client()
    assert client.post(page_of(link)).status_code == 302
    return client


def adviser(meeting: Meeting) -> tuple[Client, User]:
    """A browser with the adviser's pass, and the adviser's account."""
    pk = build.build_adviser("Aino")
    user = User.objects.create_user("aino")
    user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
    Resource.objects.filter(pk=pk).update(user=user)
    client = Client()
    client.cookies[COOKIE] = links.adviser_pass(meeting.pk, pk).secret
    return client, user


def test_the_link_is_used_up_by_a_press_not_by_being_looked_at(meeting: Meeting) -> None:
    link = links.issue_link(meeting.pk, "customer").link
    for _robot in range(3):
        assert Client().get(page_of(link)).status_code == 200
    client = Client()
    answer = client.post(page_of(link))
    assert answer["Location"] == "/en/meeting/room/"
    assert Client().post(page_of(link)).status_code == 404
    assert client.get("/en/meeting/room/").status_code == 200
    assert client.post(page_of(link)).status_code == 302  # the same browser


def test_no_script_reads_the_pass_and_no_other_site_sends_it(meeting: Meeting) -> None:
    client = Client()
    client.post(page_of(links.issue_link(meeting.pk, "customer").link), secure=True)
    cookie = client.cookies[COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")


def test_before_the_press_every_link_looks_the_same_and_after_it_every_dead_one(
    meeting: Meeting,
) -> None:
    used = links.issue_link(meeting.pk, "interpreter").link
    opened(used)
    late = links.issue_link(meeting.pk, "companion")
    Seat.objects.filter(pk=late.seat.pk).update(link_expires_at=timezone.now())
    withdrawn = links.issue_link(meeting.pk, "advocate")
    seats.withdraw(withdrawn.seat.pk)
    dead = [used, late.link, withdrawn.link, "guess", "ŋ", "x" * 300]
    good = links.issue_link(meeting.pk, "customer").link
    before = {_plain(Client().get(page_of(link))) for link in [*dead, good]}
    assert len(before) == 1
    after = {_plain(Client().post(page_of(link))) for link in dead}
    after.add(_plain(Client().get("/en/meeting/room/")))
    assert len(after) == 1
    assert after.pop()[0] == 404


def test_the_advisers_pass_is_worth_nothing_without_the_adviser(meeting: Meeting) -> None:
    client, user = adviser(meeting)
    assert client.get("/en/meeting/room/").status_code == 404
    client.force_login(user)
    page = client.get("/en/meeting/room/")
    assert page.status_code == 200
    assert b"data-notes" in page.content


def test_guests_see_neither_notes_nor_door(meeting: Meeting) -> None:
    assert meeting.booking is not None
    type(meeting.booking).objects.update(notes="Salainen")
    for role in ("customer", "interpreter", "host"):
        client = opened(links.issue_link(meeting.pk, role).link)
        page = client.get("/en/meeting/room/").content.decode()
        assert "Salainen" not in page
        assert "data-notes" not in page
        assert "data-door" not in page
        assert "Aada" not in page


def test_what_one_has_been_taken_out_of_is_closed(meeting: Meeting) -> None:
    issued = links.issue_link(meeting.pk, "companion")
    client = opened(issued.link)
    seats.withdraw(issued.seat.pk)
    assert client.get("/en/meeting/room/").status_code == 404
    customer = opened(links.issue_link(meeting.pk, "customer").link)
    meetings.end(meeting.pk)
    assert customer.get("/en/meeting/room/").status_code == 404


def test_pages_are_kept_by_no_cache_and_told_to_no_other_site(meeting: Meeting) -> None:
    link = links.issue_link(meeting.pk, "customer").link
    client = Client()
    for answer in (
        client.get(page_of(link)),
        client.post(page_of(link)),
        client.get("/en/meeting/room/"),
        client.get("/en/meeting/test/"),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert link not in answer.content.decode()


def test_a_forged_press_is_refused(meeting: Meeting) -> None:
    link = links.issue_link(meeting.pk, "customer").link
    assert Client(enforce_csrf_checks=True).post(page_of(link)).status_code == 403
    assert Seat.objects.get(role="customer").opened_at is None


def test_links_are_in_no_log(meeting: Meeting, capfd: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler()
    handler.addFilter(HideLinks())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    try:
        link = links.issue_link(meeting.pk, "customer").link
        Client(enforce_csrf_checks=True).post(page_of(link))
        opened(link)
        Client().post(page_of(link))
        Client().get(f"/en/b/{link}.{link[:22]}/")
    finally:
        logger.removeHandler(handler)
    said = capfd.readouterr().err
    assert "Forbidden" in said
    assert "Not Found: /en/meeting/…/" in said
    assert link not in said


def test_the_test_gives_relays_not_without_end(
    meeting: Meeting, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TURN_URLS = ["turn:turn.example.org"]  # type: ignore[attr-defined]
    settings.TURN_SECRET = "secret"  # type: ignore[attr-defined]
    monkeypatch.setattr(asks, "PER_ADDRESS", 2)
    answers = [Client().post("/en/meeting/ways/") for _n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].json()["ice"][0]["urls"] == ["turn:turn.example.org"]


def _plain(answer: object) -> tuple[int, str]:
    """What a stranger can tell apart: all but the token against forged forms."""
    text = answer.content.decode()  # type: ignore[attr-defined]
    start = text.find("csrfmiddlewaretoken")
    return answer.status_code, text[:start] + text[start + 120 :] if start > 0 else text  # type: ignore[attr-defined]


def test_every_page_has_the_languages_and_keeps_its_place(meeting: Meeting) -> None:
    link = links.issue_link(meeting.pk, "customer").link
    client = opened(link)
    for page in (page_of(link), "/en/meeting/room/", "/en/meeting/test/"):
        assert 'href="?language=sv"' in client.get(page).content.decode()
        answer = client.get(page, {"language": "sv"})
        assert answer["Location"] == page.replace("/en/", "/sv/")
        assert client.get(answer["Location"]).status_code == 200
        assert client.get(page, {"language": "xx"}).status_code == 200


def test_the_test_leads_back_to_our_own_page_that_it_was_opened_from(meeting: Meeting) -> None:
    ours = page_of(links.issue_link(meeting.pk, "customer").link)
    for came, back in (
        (f"http://testserver{ours}", ours),
        ("http://testserver/sv/meeting/test/", "/en/"),  # the language was changed
        ("https://elsewhere.example/page/", "/en/"),
        ("", "/en/"),
    ):
        page = Client().get("/en/meeting/test/", HTTP_REFERER=came).content.decode()
        assert f'href="{back}">Go back</a>' in page
