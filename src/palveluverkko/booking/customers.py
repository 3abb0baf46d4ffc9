"""What a customer tells of themselves: checked once, for every way of booking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from palveluverkko.booking import postal_codes
from palveluverkko.booking.errors import CustomerInvalid
from palveluverkko.booking.identity_codes import (
    LEAVE_OUT,
    holds_identity_code,
    without_identity_codes,
)
from palveluverkko.booking.models import Booking, BookingMode, Contact, WaitingEntry
from palveluverkko.network.models import Agency

MOST_NAME = 200
WITHOUT_CODES = ("name", "matter", "needs", "postal_address")


@dataclass(frozen=True, slots=True)
class Customer:
    """Who comes and how to reach them. No identity code; a name and one way to be reached."""

    name: str
    phone: str = ""
    email: str = ""
    postal_address: str = ""
    contact_language: str = "fi"
    reminders: bool = True
    matter: str = ""
    needs: str = ""
    area: str = ""  # postal code, where the customer told one


def checked(customer: Customer, mode: str, *, by_staff: bool = False) -> Customer:
    """The customer with white space trimmed and the number as E.164.

    Raises :class:`CustomerInvalid` with every error at once. Staff may leave out every way to be
    reached: some people have none, and are told on the spot.
    """
    found = replace(
        customer,
        name=" ".join(customer.name.split()),
        phone=customer.phone.strip(),
        email=customer.email.strip(),
        postal_address=customer.postal_address.strip(),
        matter=customer.matter.strip(),
        needs=" ".join(customer.needs.split()),
        area=postal_codes.tidy(customer.area),
    )
    errors = _texts_refused(found)
    if found.phone:
        try:
            found = replace(found, phone=e164(found.phone))
        except ValueError as wrong:
            errors["phone"] = str(wrong)
    elif mode == BookingMode.PHONE:
        errors["phone"] = _("Write the number that we call you at.")
    if found.email:
        try:
            validate_email(found.email)
        except ValidationError:
            errors["email"] = _("This is not an e-mail address. Check it for missing parts.")
    elif mode == BookingMode.VIDEO and not found.phone:
        errors["email"] = _("Write an e-mail address or a phone number: we send the link there.")
    reached = found.phone or found.email or found.postal_address
    if not reached and not by_staff and "phone" not in errors and "email" not in errors:
        errors["phone"] = _(
            "Write a phone number or an e-mail address, so that we can tell you of changes."
        )
    if errors:
        raise CustomerInvalid(errors)
    return found


def _texts_refused(found: Customer) -> dict[str, str]:
    """What is wrong with what was written freely, by field."""
    errors: dict[str, str] = {}
    if not found.name:
        errors["name"] = _("Write the name that we call you by.")
    elif len(found.name) > MOST_NAME:
        errors["name"] = _("The name is longer than %(most)s letters.") % {"most": MOST_NAME}
    for field in WITHOUT_CODES:
        if field not in errors and holds_identity_code(getattr(found, field)):
            errors[field] = str(LEAVE_OUT)
    if not postal_codes.may_be_postal_code(found.area):
        errors["area"] = _("This is not a postal code.")
    return errors


def e164(text: str, region: str | None = None) -> str:
    """A phone number in the international form; raises ``ValueError`` with a sentence.

    A number without a country code is the agency's country's.
    """
    try:
        number = phonenumbers.parse(text, region or home_country())
    except phonenumbers.NumberParseException as wrong:
        raise ValueError(_("This is not a phone number.")) from wrong
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_("There is no such phone number. Check the digits."))
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise ValueError(_("We cannot call or text numbers with an extra charge."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def write(customer: Customer, row: Contact) -> None:
    """Put what the customer told into a booking or an entry of the waiting list."""
    row.name = customer.name
    row.phone = customer.phone
    row.email = customer.email
    row.postal_address = customer.postal_address
    row.contact_language = customer.contact_language
    row.reminders = customer.reminders
    for name in ("matter", "needs", "area"):
        setattr(row, name, getattr(customer, name))


def customer_of(row: Booking | WaitingEntry) -> Customer:
    """What a booking or an entry of the waiting list knows of its customer."""
    return Customer(
        name=row.name,
        phone=row.phone,
        email=row.email,
        postal_address=row.postal_address,
        contact_language=row.contact_language,
        reminders=row.reminders,
        matter=row.matter,
        needs=row.needs,
        area=row.area,
    )


def without_codes(customer: Customer) -> Customer:
    """The same customer with identity codes struck out, so that an old entry can be booked."""
    clean: dict[str, Any] = {
        field: without_identity_codes(getattr(customer, field)) for field in WITHOUT_CODES
    }
    return replace(customer, **clean)


def home_country() -> str:
    """The country whose numbers need no country code."""
    agency = Agency.objects.order_by("code").values_list("country", flat=True).first()
    return agency or "FI"
