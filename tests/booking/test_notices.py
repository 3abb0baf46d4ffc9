"""What customers are told: once for each event, in their language, nothing that is not theirs."""

from __future__ import annotations

import email
import email.policy
import io
import json
import re
import shutil
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis.extra.django import TestCase
from pypdf import PdfReader

from palveluverkko.booking import letters, notices, services
from palveluverkko.booking.links import link_for, offer_link, waiting_link
from palveluverkko.booking.models import Affected, Booking, Closure
from palveluverkko.booking.texts.sms import parts
from palveluverkko.messages.models import Message, Promise, State
from palveluverkko.messages.promises import run_due
from palveluverkko.messages.services import deliver_due
from tests.booking import told, world
from tests.booking.test_ics import ANY_TEXT
from tests.booking.world import AINO, MONDAY, NOW, local, wish

WHATS = ("confirmed", "moved", "cancelled", "disrupted", "stands")
URL = re.compile(r"https?://\S+")
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def sent(channel="email"):
    return Message.objects.filter(channel=channel).latest("pk")


@db
@pytest.mark.parametrize("what", WHATS)
def test_news_goes_out_once_by_every_way_that_was_given(what):
    booking = told.booked()
    for _ in range(3):
        assert notices.tell(booking, what, now=NOW)
    events = set(Message.objects.values_list("event", flat=True))
    stem = f"booking:{booking.pk}:{what}:v1"
    assert events == {f"{stem}:email", f"{stem}:sms"}
    assert set(Message.objects.values_list("state", "about")) == {
        (State.QUEUED, f"booking:{booking.pk}")
    }


@db
def test_what_nobody_tells_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="nothing is told"):
        notices.tell(told.booked(), "reassigned")


@db
def test_verbs_repeated_tell_each_change_once():
    world.staffed_point()
    held = services.hold(wish(local(9)), key="k", now=NOW)
    for _ in range(2):
        services.confirm(held.pk, AINO, now=NOW)
    for _ in range(2):
        services.move(held.pk, local(10), key="m", now=NOW)
    for _ in range(2):
        services.cancel(held.pk)
    events = [e.split(":", 2)[2] for e in Message.objects.values_list("event", flat=True)]
    assert sorted(events) == sorted(
        f"{what}:{channel}"
        for what in ("confirmed:v1", "moved:v2", "cancelled:v3")
        for channel in ("email", "sms")
    )


@db
def test_old_news_that_has_not_gone_out_is_not_sent_after_the_new():
    booking = told.booked()
    notices.tell(booking, "confirmed", now=NOW)
    booking.version = 2
    notices.tell(booking, "moved", now=NOW)
    states = dict(Message.objects.values_list("event", "state"))
    assert {s for e, s in states.items() if "confirmed" in e} == {State.CANCELLED}
    assert {s for e, s in states.items() if "moved" in e} == {State.QUEUED}


@db
def test_the_email_says_when_where_how_to_prepare_and_how_to_change():
    booking = told.booked()
    notices.tell(booking, "confirmed", now=NOW)
    text = sent().text
    assert "Hello Aino Ängeslevä," in text
    assert "Day: Monday 2 Mar 2026\nTime: 10:00–10:30" in text
    assert "Place: Kuopio, Suokatu 40, 70100 Kuopio" in text
    assert "an identity document" in text
    assert link_for(booking) in text
    assert link_for(booking, "reminders-off") in text
    (calendar,) = sent().enclosures.all()
    assert b"METHOD:REQUEST" in bytes(calendar.content)


@db
def test_the_address_is_in_the_customers_language_too():
    booking = told.booked(contact_language="sv")
    town = booking.point.municipality
    town.name_fi, town.name_sv = "Kuopio", "Kuopio på svenska"
    town.save()
    notices.tell(Booking.objects.get(pk=booking.pk), "confirmed", now=NOW)
    assert "70100 Kuopio på svenska" in sent().text


@db
@pytest.mark.parametrize(("language", "day"), [("fi", "maanantai"), ("sv", "måndag")])
def test_messages_are_in_the_customers_language_not_the_pages(language, day):
    notices.tell(told.booked(contact_language=language), "confirmed", now=NOW)
    assert f"{day} 2.3.2026" in sent().text
    assert f"/{language}/b/" in sent("sms").text


@db
def test_who_asks_for_a_language_that_we_do_not_write_is_told_in_finnish():
    notices.tell(told.booked(contact_language="so"), "confirmed", now=NOW)
    assert sent().language == "fi"
    assert "maanantai" in sent().text


@db
@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("mode", ["appointment", "video_room", "video", "phone"])
def test_no_message_tells_what_the_matter_is(what, mode):
    notices.tell(told.booked(mode=mode, needs="A sign language interpreter"), what, now=NOW)
    for message in Message.objects.all():
        enclosed = b"".join(bytes(e.content) for e in message.enclosures.all()).decode()
        for text in (message.subject, message.text, enclosed):
            assert not re.search("housing|benefit|asumis|sign lang", text, re.IGNORECASE)


@db
@pytest.mark.parametrize("what", WHATS)
def test_no_address_in_a_message_holds_personal_data(what):
    notices.tell(told.booked(), what, now=NOW)
    notices.tell_offer(told.offer(told.waiting(point=Booking.objects.get().point)))
    for message in Message.objects.all():
        for url in URL.findall(message.text):
            assert not any(secret in url for secret in told.SECRETS)


@db
def test_someone_who_is_called_is_told_so():
    notices.tell(told.booked(mode="phone"), "confirmed", now=NOW)
    assert "We call you at the number that you gave us" in sent().text
    assert "we call you on Mon 2 Mar 2026 at about 10:00" in sent("sms").text


@db
def test_a_video_meeting_is_joined_on_the_page_of_the_booking():
    booking = told.booked(mode="video")
    notices.tell(booking, "confirmed", now=NOW)
    assert "the button for joining the meeting is there from 30 minutes before" in sent().text
    assert f"Join, change or cancel: {link_for(booking)}" in sent("sms").text


@db
def test_a_point_in_another_time_zone_tells_its_own_time_and_says_so():
    at = told.place(timezone="Europe/Stockholm")
    notices.tell(
        told.booked(local(10, zone=ZoneInfo("Europe/Stockholm")), point=at), "confirmed", now=NOW
    )
    for channel in ("email", "sms"):
        assert "10:00" in sent(channel).text
        assert "local times at the service point (UTC+1)" in sent(channel).text


@db
def test_the_reason_of_staff_is_told_by_email_and_never_by_text_message():
    world.staffed_point()
    held = services.hold(wish(local(9)), key="k", now=NOW)
    services.confirm(held.pk, replace(AINO, contact_language="en"), now=NOW)
    services.cancel(held.pk, reason="Water damage")
    assert "The reason: Water damage" in sent().text
    assert "Water" not in sent("sms").text
    assert b"METHOD:CANCEL" in bytes(sent().enclosures.get().content)


@db
@pytest.mark.parametrize("cause", Closure.Cause.values)
def test_why_an_adviser_is_away_stays_the_advisers_own_matter(cause):
    booking = told.booked()
    closure = Closure.objects.create(
        cause=cause, first=local(9).date(), reason="A broken leg", key=cause
    )
    Affected.objects.create(closure=closure, booking=booking, was_start=booking.start)
    notices.tell(booking, "disrupted", now=NOW)
    assert link_for(booking, "alternatives") in sent().text
    assert ("broken leg" in sent().text) == (cause != Closure.Cause.ABSENCE)
    assert "broken leg" not in sent("sms").text


@db
@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("mode", ["appointment", "video_room", "video", "phone"])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_text_messages_take_two_parts_at_most(what, mode, language, settings):
    settings.PUBLIC_URL = "https://asiointi.palvelut.example.fi"
    at = told.place(name_fi="Pelkosenniemen yhteinen asiointipiste", timezone="Europe/Stockholm")
    booking = told.booked(
        mode=mode,
        contact_language=language,
        point=at if mode in ("appointment", "video_room") else None,
    )
    notices.tell(booking, what, now=NOW)
    text = sent("sms").text
    assert parts(text) <= 2
    assert URL.search(text)


@db
def test_letters_outside_the_basic_alphabet_leave_out_what_does_not_fit():
    at = told.place(name_fi="Ohcejoga bálvalanbáiki", street_address_fi="Luossatielli 4")
    booking = told.booked(point=at)
    notices.tell(booking, "confirmed", now=NOW)
    assert parts(sent("sms").text) <= 2
    assert sent("sms").text.endswith(link_for(booking))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("č" * 70, 1),
        ("č" * 71, 2),
        ("č" * 134, 2),
        ("č" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_operators_do(text, count):
    assert parts(text) == count


@db
def test_a_landline_gets_no_text_message():
    assert not notices.tell(told.booked(phone="+358177123456", email=""), "confirmed", now=NOW)
    assert not Message.objects.exists()


@db
def test_a_letter_goes_only_to_those_who_have_neither_phone_nor_email():
    notices.tell(told.booked(postal_address="Kotitie 1, 70100 Kuopio"), "confirmed", now=NOW)
    assert not Promise.objects.filter(kind="letter").exists()


@db
def test_a_letter_is_made_after_the_booking_and_delivered(home):
    booking = told.booked(
        name=told.NAME, phone="", email="", postal_address="Kotitie 1, 70100 Kuopio"
    )
    for _ in range(2):
        assert not notices.tell(booking, "confirmed", now=NOW)
    assert run_due() == 1
    message = Message.objects.get()
    assert message.event == f"booking:{booking.pk}:confirmed:v1:letter"
    assert message.address == f"{told.NAME}\nKotitie 1\n70100 Kuopio"
    assert deliver_due() == 1
    (page,) = (home / "outbox" / "letter").glob("*.pdf")
    text = PdfReader(io.BytesIO(page.read_bytes())).pages[0].extract_text()
    assert told.NAME in text
    assert "Monday 2 Mar 2026" in text
    assert "reminders" not in text
    (described,) = (home / "outbox" / "letter").glob("*.json")
    assert json.loads(described.read_text())["files"] == [page.name]


@db
def test_a_letter_that_was_overtaken_by_newer_news_is_not_made():
    booking = told.booked(phone="", email="", postal_address="Kotitie 1")
    notices.tell(booking, "confirmed", now=NOW)
    Booking.objects.update(version=2)
    assert run_due() == 1
    assert not Message.objects.exists()


@db
def test_a_letter_that_cannot_be_made_stays_owed_and_the_booking_stands(monkeypatch):
    def missing():
        raise letters.CannotMakeLetters

    monkeypatch.setattr(letters, "_weasyprint", missing)
    notices.tell(told.booked(phone="", email="", postal_address="Kotitie 1"), "confirmed", now=NOW)
    assert run_due() == 0
    owed = Promise.objects.get(kind="letter")
    assert owed.state == "due"
    assert "libpango" in owed.last_error


@db
def test_those_who_wait_are_told_that_they_do_what_is_offered_and_the_end():
    offer = told.offer()
    entry = offer.entry
    for _ in range(2):
        notices.tell_waiting(entry)
        notices.tell_offer(offer)
        notices.tell_list_over(entry)
    assert Message.objects.count() == 6
    text = {m.event.split(":")[-2]: m.text for m in Message.objects.filter(channel="email")}
    assert waiting_link(entry) in text["joined"]
    assert "from 2 Mar 2026 to 6 Mar 2026" in text["joined"]
    assert offer_link(offer) in text[str(offer.pk)]
    assert "until Sunday 1 Mar 2026 at 12:00" in text[str(offer.pk)]
    assert "no time became free" in text["over"]
    for message in Message.objects.filter(channel="sms"):
        assert parts(message.text) <= 2


@db
def test_who_waits_for_a_single_day_is_told_that_day_once():
    entry = told.waiting(last=MONDAY)
    notices.tell_waiting(entry)
    notices.tell_list_over(entry)
    for message in Message.objects.filter(channel="email"):
        assert "on 2 Mar 2026" in message.text
    for message in Message.objects.all():
        assert message.text.count("2 Mar 2026") == 1


@db
def test_an_offer_by_letter_is_not_written_once_it_is_over():
    offer = told.offer(told.waiting(phone="", email="", postal_address="Kotitie 1"))
    notices.tell_offer(offer)
    notices.tell_waiting(offer.entry)
    offer.state = "lapsed"
    offer.save()
    assert run_due() == 2
    assert Message.objects.get().event == f"waiting:{offer.entry_id}:joined:letter"


class AnyName(TestCase):
    @given(name=ANY_TEXT)
    def test_comes_through_the_email_as_it_was_typed(self, name):
        shutil.rmtree(settings.HOME, ignore_errors=True)
        notices.tell(told.booked(mode="phone", name=name), "confirmed", now=NOW)
        assert deliver_due() == 2
        (file,) = (settings.HOME / "outbox" / "email").glob("*.eml")
        read = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        text = read.get_body(("plain",)).get_content()
        assert f"Hello {name}," in text.replace("\r\n", "\n")
        (calendar,) = [p for p in read.walk() if p.get_content_type() == "text/calendar"]
        assert calendar.get_param("method") == "REQUEST"
