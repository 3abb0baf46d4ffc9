"""An adviser's morning of forty customers by keys alone, and a manager's with two of three ill."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from palveluverkko.booking.models import Affected, Booking
from palveluverkko.demand.models import ChannelContacts, DailyVisits
from palveluverkko.walkins.models import Ticket
from palveluverkko.web.portal import clock
from tests.booking import world as booking_world
from tests.browser.axe import violations_at_all_widths
from tests.web.desk import world
from tests.web.desk.conftest import morning
from tests.web.desk.world import booked, local, ticket

__all__ = ["morning"]

pytestmark = pytest.mark.usefixtures("morning")


def sign_in(context: BrowserContext, live_server: LiveServer, name: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=name))
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])


def open_desk(page: Page, live_server: LiveServer, language: str = "en") -> None:
    """Adviser 1 signs in and opens the desk by keyboard."""
    sign_in(page.context, live_server, "adviser1")
    page.goto(f"{live_server.url}/{language}/desk/")
    page.locator(".place button[value=open]").focus()
    page.keyboard.press("Enter")
    page.locator(".place button[value=break]").wait_for()


def press(page: Page, key: str, said: str) -> None:
    """One key, and what the page says of it."""
    page.keyboard.press(key)
    expect(page.locator("#said")).to_have_text(said)


def counted() -> dict[str, int]:
    found = {r.mode: 0 for r in DailyVisits.objects.all()}
    for row in DailyVisits.objects.filter(visits__gt=0):
        found[row.mode] += row.visits
    for contact in ChannelContacts.objects.filter(contacts__gt=0):
        found[contact.channel] = found.get(contact.channel, 0) + contact.contacts
    return found


def test_an_adviser_serves_forty_customers_in_mixed_channels_by_keys_alone(
    page: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.adviser(2).shifts.all().delete()  # all calls are Adviser 1's
    modes = ("appointment", "phone", "video")
    for n in range(14):
        booked(f"Asiakas {n + 1} Ŋ", local(9 + n // 2, 30 * (n % 2)), modes[n % 3])
    open_desk(page, live_server)
    for one in Booking.objects.filter(mode="appointment").order_by("start"):
        press(page, "a", f"{one.name} has arrived.")
    for turn in range(40):
        moment = world.MORNING + timedelta(minutes=10 * turn)
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        while Ticket.objects.count() < 26 and Ticket.objects.filter(state="waiting").count() < 2:
            ticket(("general", "pension")[turn % 2], at=moment)
        page.keyboard.press("n")
        page.locator("#do-next").wait_for(state="detached")
        if page.locator("#now .channel--walk_in").count():
            number = page.locator("#now .now__who strong").inner_text()
            press(page, "s", f"{number} is being served.")
        page.keyboard.press("f")
        page.locator("#do-next").wait_for()
    press(page, "n", "Nobody whom you can serve is waiting now.")
    assert sum(counted().values()) == 40
    assert counted() == {"walk_in": 26, "appointment": 5, "phone": 5, "video": 4}
    expect(page.locator("#served .served__mine")).to_have_text("40 customers by you")
    page.keyboard.press("u")
    expect(page.locator("#said")).to_contain_text("Taken back: ")
    assert sum(counted().values()) == 39


def test_the_list_follows_by_itself_and_the_focus_stays(
    page: Page, live_server: LiveServer
) -> None:
    open_desk(page, live_server)
    page.locator("#desk-q").fill("half a na")
    taken = ticket()
    expect(page.locator("#ready .customer")).to_have_count(1, timeout=15_000)
    assert page.evaluate("document.activeElement.id") == "desk-q"
    expect(page.locator("#desk-q")).to_have_value("half a na")
    page.keyboard.type("me: n, f, x")  # letters in a field are letters
    expect(page.locator("#desk-q")).to_have_value("half a name: n, f, x")
    assert Ticket.objects.get(pk=taken.id).state == "waiting"


def test_notes_are_saved_as_they_are_typed_and_before_the_visit_ends(
    page: Page, live_server: LiveServer
) -> None:
    one = booked("Aino", local(9), "phone")
    open_desk(page, live_server)
    press(page, "n", "Aino is being served.")
    page.locator("#notes-text").fill("Soitto: lupasi tuoda liitteen ŧ")
    expect(page.locator("[data-notes-status]")).to_contain_text("Notes saved at")
    assert Booking.objects.get(pk=one.pk).notes.endswith("liitteen ŧ")
    page.locator("#notes-text").press_sequentially("!")
    page.locator("#notes-text").blur()
    press(page, "f", "Aino was served. The visit is counted.")
    assert Booking.objects.get(pk=one.pk).notes.endswith("ŧ!")


def test_switched_off_keys_do_nothing(page: Page, live_server: LiveServer) -> None:
    ticket()
    open_desk(page, live_server)
    page.get_by_role("button", name="Switch the keys off").click()
    page.get_by_role("button", name="Switch the keys on").wait_for()
    page.keyboard.press("n")
    page.wait_for_timeout(600)
    assert Ticket.objects.get().state == "waiting"
    page.locator("#do-next").click()
    expect(page.locator("#said")).to_contain_text("was called.")


def test_without_scripts_the_desk_does_the_same(chromium: Browser, live_server: LiveServer) -> None:
    booked("Aino", local(9))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    open_desk(page, live_server)
    page.get_by_role("button", name="Arrived: ").click()
    page.get_by_role("button", name="Call next").click()
    page.get_by_label("Notes about Aino").fill("Muistiin")
    page.get_by_role("button", name="Save notes").click()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Aino was served. The visit is counted.")).to_be_visible()
    one = Booking.objects.get()
    assert (one.state, one.notes) == ("served", "Muistiin")
    context.close()


def test_two_of_three_advisers_are_ill_and_every_booking_is_settled_by_keyboard(
    page: Page, live_server: LiveServer
) -> None:
    third = booking_world.adviser("Adviser 3", languages=("fi",), at=world.adviser(1).point)
    booking_world.shift(
        third,
        local(9),
        local(16),
        at=third.point,
        modes=("appointment",),
        desk=booking_world.desk(third.point, "Desk 3"),
    )
    later = booking_world.days_later(1)
    booking_world.shift(
        third, local(9, day=later), local(16, day=later), at=third.point, modes=("appointment",)
    )
    for hour in (10, 11):
        for n in range(3):
            booked(f"Asiakas {hour}.{n}", local(hour))
    world.manager()
    sign_in(page.context, live_server, "manager")
    for name in ("Adviser 1, Kuopio", "Adviser 2, Kuopio"):
        page.goto(f"{live_server.url}/en/desk/day/")
        page.get_by_role("link", name="Somebody is ill").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Who").focus()
        page.keyboard.type(name)
        page.get_by_label("First day").fill("2026-03-02")
        page.get_by_label("Last day").fill("2026-03-02")
        page.get_by_role("button", name="See what it touches").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Record the absence").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/work/*/")
    assert Affected.objects.filter(state__in=Affected.TO_DO).count() == 4
    settled = 0
    for link in ("Adviser 1 is away", "Adviser 2 is away"):
        page.goto(f"{live_server.url}/en/desk/work/")
        page.get_by_role("link", name=link).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/work/*/")
        while page.locator(".affected").count():
            before = page.locator(".affected").count()
            settle_first(page, settled)
            expect(page.locator(".affected")).to_have_count(before - 1)
            settled += 1
        expect(page.get_by_text("Done.")).to_be_visible()
    assert not Affected.objects.filter(state__in=Affected.TO_DO).exists()
    page.goto(f"{live_server.url}/en/desk/work/")
    expect(page.get_by_text("Nothing is left to do.")).to_be_visible()


def settle_first(page: Page, turn: int) -> None:
    """Move, call or decline the soonest booking."""
    first = page.locator(".affected").first
    if turn % 3 == 0:
        first.get_by_role("link", name="Find a new time").focus()
        page.keyboard.press("Enter")
        page.locator(".places .times__time").first.focus()
    else:
        name = ("Called, knows", "Wants no other time")[turn % 2]
        first.get_by_role("button", name=name).focus()
    page.keyboard.press("Enter")


STAFF = (
    "desk/day/",
    "desk/roster/kuopio/?week=2026-03-02",
    "desk/patterns/kuopio/",
    "desk/ill/",
    "desk/close/kuopio/",
    "desk/work/",
    "desk/messages/",
    "desk/tally/",
    "desk/tally/kuopio/",
)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_staffs_pages_are_clean(page: Page, live_server: LiveServer, language: str) -> None:
    for n in range(3):
        ticket()
        booked(f"Asiakas {n}", local(10 + n), ("appointment", "phone", "video")[n])
    open_desk(page, live_server, language)
    page.keyboard.press("n")
    page.locator("#do-next").wait_for(state="detached")
    lines = [f"desk {line}" for line in violations_at_all_widths(page)]
    page.goto(f"{live_server.url}/{language}/desk/bookings/{Booking.objects.first().pk}/")
    lines += [f"customer {line}" for line in violations_at_all_widths(page)]
    world.manager()
    boss = Client()
    boss.force_login(User.objects.get(username="manager"))
    ill = {"first": "2026-03-02", "person": world.adviser(1).pk, "confirm": "1", "key": "k"}
    list_page = boss.post("/en/desk/ill/", ill)["Location"].removeprefix("/en/")
    sign_in(page.context, live_server, "manager")
    row = Affected.objects.filter(state__in=Affected.TO_DO).first()
    pages = (*STAFF, list_page, *([f"{list_page}?times={row.pk}"] if row else []))
    for path in pages:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{live_server.url}/{language}/{path}")
        lines += [f"{path} {line}" for line in violations_at_all_widths(page)]
    assert lines == []
