"""The file adapters: whole files, once, with every letter in them."""

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from palveluverkko.messages.adapters import files
from palveluverkko.messages.delivery import deliver_due
from palveluverkko.messages.models import Message, State
from palveluverkko.messages.services import Attachment
from tests.messages.conftest import LETTERS, NOW, queued

pytestmark = pytest.mark.django_db

ICS = f"BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:{LETTERS}\r\nEND:VCALENDAR\r\n".encode()


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_an_email_becomes_a_file_that_mail_programs_read(outbox: Path) -> None:
    queued(
        "booking:12:cancelled:email",
        channel="email",
        address="aino@example.org",
        language="se",
        subject=f"Diŋgon {LETTERS}",
        text=f"Bures {LETTERS}\n",
        attachments=(
            Attachment("tähtäin ŋ.ics", "text/calendar", ICS),
            Attachment("kirje ž.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),
        ),
    )
    deliver_due(now=NOW)
    content = only(outbox, "email/*.eml").read_bytes()
    assert b"\n" not in content.replace(b"\r\n", b"")
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["Subject"].strip() == f"Diŋgon {LETTERS}"  # a folded line begins with a space
    assert (mail["To"], mail["Content-Language"]) == ("aino@example.org", "se")
    text, calendar, pdf = mail.iter_parts()
    assert text.get_content().splitlines() == [f"Bures {LETTERS}"]
    assert calendar.get_content_type() == "text/calendar"
    assert calendar["Content-Type"].params == {"charset": "utf-8", "method": "CANCEL"}
    assert calendar.get_payload(decode=True) == ICS
    assert calendar.get_filename() == "tähtäin ŋ.ics"
    assert pdf.get_content() == b"%PDF-1.7 \x00\xff"
    assert pdf.get_filename() == "kirje ž.pdf"


def test_an_sms_becomes_json(outbox: Path) -> None:
    queued(text=LETTERS)
    deliver_due(now=NOW)
    content = json.loads(only(outbox, "sms/*.json").read_text(encoding="utf-8"))
    assert content["to"] == "+358401234567"
    assert content["text"] == LETTERS


def test_a_letter_becomes_its_pages_and_its_address(outbox: Path) -> None:
    pdf = Attachment("kirje.pdf", "application/pdf", b"%PDF")
    queued(channel="letter", address=f"Ŋuolla {LETTERS}\n99980 Utsjoki", attachments=(pdf,))
    deliver_due(now=NOW)
    content = json.loads(only(outbox, "letter/*.json").read_text(encoding="utf-8"))
    assert content["address"].endswith("\n99980 Utsjoki")
    assert (outbox / "letter" / content["files"][0]).read_bytes() == b"%PDF"


def test_an_email_without_a_possible_address_fails_with_that_reason(outbox: Path) -> None:
    for number, address in enumerate(("", "aino", "a@b.fi\nBcc: c@d.fi", "a b@example.org")):
        queued(f"event:{number}", channel="email", address=address)
    deliver_due(now=NOW)
    assert set(Message.objects.values_list("state", "why")) == {(State.FAILED, "bad_address")}
    assert not list(outbox.glob("email/*"))


def test_a_line_break_in_the_subject_adds_no_header(outbox: Path) -> None:
    queued(channel="email", address="a@example.org", subject="Aika\r\nBcc: spy@example.org")
    deliver_due(now=NOW)
    mail = message_from_bytes(only(outbox, "email/*").read_bytes(), policy=policy.default)
    assert mail["Bcc"] is None


def test_events_that_look_alike_get_different_files(outbox: Path) -> None:
    for event in ("booking:1", "booking/1", "booking 1", "../booking:1", "ŋ", "č", "x" * 200):
        queued(event)
    deliver_due(now=NOW)
    assert len(list(outbox.glob("sms/*.json"))) == 7
    assert not list(outbox.parent.glob("*.json"))


def test_a_message_that_lies_there_already_is_not_written_again(outbox: Path) -> None:
    queued()
    deliver_due(now=NOW)
    file = only(outbox, "sms/*")
    file.write_text("read by somebody", encoding="utf-8")
    Message.objects.update(state=State.QUEUED)
    deliver_due(now=NOW)
    assert file.read_text(encoding="utf-8") == "read by somebody"
    assert Message.objects.get().state == State.SENT


def test_a_full_disk_is_no_loss(outbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(aside: Path, final: Path) -> None:
        raise OSError(28, "No space left on device")

    queued()
    with monkeypatch.context() as patch:
        patch.setattr(files, "_link", full)
        deliver_due(now=NOW)
    assert Message.objects.get().state == State.QUEUED
    assert not list(files.unfinished().iterdir())


def test_only_the_owner_can_read_them(outbox: Path) -> None:
    queued()
    deliver_due(now=NOW)
    assert only(outbox, "sms/*").stat().st_mode & 0o077 == 0
