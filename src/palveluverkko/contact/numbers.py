"""Which numbers we call back: not those that cost extra, are short, or are for emergencies."""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext as _

from palveluverkko.booking.customers import e164, home_country

NOT_CALLED = (
    phonenumbers.PhoneNumberType.SHARED_COST,
    phonenumbers.PhoneNumberType.PAGER,
    phonenumbers.PhoneNumberType.VOICEMAIL,
)


def callable_number(text: str) -> str:
    """The number as E.164; raises ``ValueError`` with a sentence."""
    digits = re.sub(r"\D", "", text)
    if _is_short(digits):
        raise ValueError(_("This is a short or emergency number. Write your own phone number."))
    found = e164(text)
    if phonenumbers.number_type(phonenumbers.parse(found)) in NOT_CALLED:
        raise ValueError(_("We cannot call this kind of number. Write another phone number."))
    return found


def _is_short(digits: str) -> bool:
    country = home_country()
    if len(digits) <= 3 or phonenumbers.is_emergency_number(digits, country):
        return True
    number = phonenumbers.PhoneNumber(
        country_code=phonenumbers.country_code_for_region(country), national_number=int(digits)
    )
    if phonenumbers.is_valid_number(number):
        return False
    return bool(phonenumbers.is_valid_short_number_for_region(number, country))
