"""Which numbers we call back: no service numbers, short ones, or those for emergencies."""

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
# Finnish numbers for services, which phonenumbers takes for those of firms: national numbers of
# Traficom's barring regulation 35. Real subscribers' numbers of 075 have more digits.
SERVICE_NUMBERS = {358: re.compile(r"(100|200|300|202[023]|209[89])\d+|2020\d|75\d{3}")}


def callable_number(text: str) -> str:
    """The number as E.164; raises ``ValueError`` with a sentence."""
    if any(character.isalpha() for character in text):
        # Else letters would be read as keys, or what is before and after them as the number.
        raise ValueError(_("This is not a phone number."))
    digits = re.sub(r"\D", "", text)
    if _is_short(digits):
        raise ValueError(_("This is a short or emergency number. Write your own phone number."))
    found = e164(text)
    number = phonenumbers.parse(found)
    if phonenumbers.number_type(number) in NOT_CALLED or _is_service(number):
        raise ValueError(_("We cannot call this kind of number. Write another phone number."))
    return found


def _is_service(number: phonenumbers.PhoneNumber) -> bool:
    known = SERVICE_NUMBERS.get(number.country_code or 0)
    return known is not None and known.fullmatch(str(number.national_number)) is not None


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
