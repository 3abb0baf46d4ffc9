"""Text messages: which numbers take them, how many parts one takes, which sentences fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

# 3GPP TS 23.038: the basic alphabet (7 bits), and letters that take two places in it.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")
MOST_PARTS = 2


@dataclass(frozen=True, slots=True)
class Sms:
    """Whole sentences. ``extra`` ones are left out, last first, where all would be too long."""

    first: str
    last: str = ""
    extra: tuple[str, ...] = ()

    def text(self) -> str:
        """The longest text within two parts; else the shortest there is, never one cut off."""
        for kept in range(len(self.extra), -1, -1):
            found = _joined((self.first, *self.extra[:kept], self.last))
            if parts(found) <= MOST_PARTS or not kept:
                return found
        raise AssertionError("unreachable: a range down to 0 is never empty")


def parts(text: str) -> int:
    """How many messages the text is sent and paid as."""
    if all(letter in BASIC or letter in EXTENDED for letter in text):
        places = len(text) + sum(letter in EXTENDED for letter in text)
        return 1 if places <= 160 else -(-places // 153)
    # One letter outside the alphabet, and the whole text is UCS-2.
    places = len(text.encode("utf-16-le")) // 2
    return 1 if places <= 70 else -(-places // 67)


def takes_text_messages(phone: str) -> bool:
    """Whether a number is one that texts reach: not none, and not a landline."""
    if not phone:
        return False
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return True  # the page of failures shows what a gateway says of it
    return bool(phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.FIXED_LINE)


def _joined(sentences: Sequence[str]) -> str:
    text = " ".join(sentence for sentence in sentences if sentence)
    # Signs of a neat page that would make the whole message UCS-2, at less than half the length.
    plain = text.translate({0x2013: "-", 0x2014: "-", 0x2019: "'", 0xA0: " ", 0x202F: " "})
    return re.sub(r"[ \t\r\n]+", " ", plain)
