"""The embedded default: every message becomes a file below ``HOME/outbox/``.

A file appears whole or not at all (written aside, flushed, then linked under its name), and a
name that exists is a message that went out. So a killed process neither loses nor doubles one.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from palveluverkko.messages.adapters.base import Outgoing
from palveluverkko.messages.adapters.mail import as_file, checked_email
from palveluverkko.messages.errors import TryLater
from palveluverkko.messages.models import Channel


class EmailFiles:
    """``outbox/email/*.eml``: opens in any mail program."""

    name = "file"
    idempotent = True

    def send(self, message: Outgoing) -> None:
        checked_email(message.address)
        content = as_file(message)
        _write_once(_folder(Channel.EMAIL), f"{file_name(message)}.eml", content)


class SmsFiles:
    """``outbox/sms/*.json``."""

    name = "file"
    idempotent = True

    def send(self, message: Outgoing) -> None:
        content = {
            "to": message.address,
            "text": message.text,
            "language": message.language,
            "event": message.event,
        }
        _write_once(_folder(Channel.SMS), f"{file_name(message)}.json", _json(content))


class LetterFiles:
    """``outbox/letter/*.json`` with the address, beside it the pages to print.

    The pages come first: the description is what says that the letter is complete.
    """

    name = "file"
    idempotent = True

    def send(self, message: Outgoing) -> None:
        folder = _folder(Channel.LETTER)
        stem = file_name(message)
        pages = []
        for number, (name, _, content) in enumerate(message.enclosures, start=1):
            pages.append(f"{stem}.{number}{Path(name).suffix.lower()}")
            _write_once(folder, pages[-1], content)
        description = {
            "address": message.address,
            "subject": message.subject,
            "text": message.text,
            "language": message.language,
            "event": message.event,
            "files": pages,
        }
        _write_once(folder, f"{stem}.json", _json(description))


def file_name(message: Outgoing) -> str:
    """The event in letters that every file system takes, and enough of the key to be unique."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", message.event)[:100].strip(".-")
    return f"{readable}.{message.key[:12]}"


def outbox() -> Path:
    return Path(settings.HOME) / "outbox"


def unfinished() -> Path:
    """Where files are written before they get their name; a killed process leaves them here."""
    return outbox() / ".unfinished"


def _folder(channel: Channel) -> Path:
    return outbox() / channel.value


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _write_once(folder: Path, name: str, content: bytes) -> None:
    """Make the file unless it exists, and see it on the disk. Raises :class:`TryLater`."""
    final = folder / name
    aside = unfinished() / uuid.uuid4().hex
    try:
        for path in (folder, aside.parent):
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if final.exists():
            return
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _link(aside, final)
        _flush_folder(folder)
    except OSError as error:
        raise TryLater(f"{type(error).__name__}: {error.strerror}") from error
    finally:
        aside.unlink(missing_ok=True)


def _link(aside: Path, final: Path) -> None:
    try:
        os.link(aside, final)
    except FileExistsError:
        return  # another process wrote the same message in this moment


def _flush_folder(folder: Path) -> None:
    """A file's name is kept by its folder; without this a power cut could take it back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
