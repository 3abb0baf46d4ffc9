"""One piece of news as it goes out: a subject, paragraphs, and a text message."""

from __future__ import annotations

from dataclasses import dataclass

from palveluverkko.booking.texts.sms import Sms


@dataclass(frozen=True, slots=True)
class News:
    """``paragraphs`` for e-mail and letter; ``email_only`` follow them in e-mail."""

    subject: str
    paragraphs: tuple[str, ...]
    sms: Sms
    email_only: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return "\n\n".join((*self.paragraphs, *self.email_only))
