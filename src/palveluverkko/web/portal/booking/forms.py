"""What a customer types: who they are and how to reach them, and the days they can wait for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking import postal_codes
from palveluverkko.booking.customers import MOST_NAME, Customer
from palveluverkko.booking.errors import CustomerInvalid
from palveluverkko.booking.models import MODES_AT_POINTS, BookingMode
from palveluverkko.web.forms import DAY_FORMATS, NOT_LISTED, DayInput
from palveluverkko.web.portal.booking.who import Booker

LONGEST_WAIT = timedelta(days=180)


def _text(label: Any, most: int, **given: Any) -> forms.CharField:
    attrs = given.pop("attrs", {})
    widget = given.pop("widget", forms.TextInput)(attrs=attrs)
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=widget,
        error_messages={"max_length": _("Write at most %(limit_value)d letters.")},
        **given,
    )


class CustomerForm(forms.Form):
    """A name and one way to be reached. The rules are those of ``booking.customers``."""

    name = _text(
        _("Name"),
        MOST_NAME,
        help_text=_("The name that we call you by."),
        attrs={"autocomplete": "name", "aria-required": "true"},
    )
    phone = _text(
        _("Phone number"),
        40,
        widget=forms.TextInput,
        attrs={"autocomplete": "tel", "type": "tel", "inputmode": "tel"},
    )
    email = _text(
        _("E-mail address"),
        254,
        attrs={"autocomplete": "email", "type": "email", "inputmode": "email"},
    )
    contact_language = forms.ChoiceField(
        label=_("In which language do we write to you?"),
        choices=settings.LANGUAGES,
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    reminders = forms.BooleanField(
        label=_("Remind me before the appointment"), required=False, initial=True
    )
    matter = _text(
        _("What is it about?"),
        2000,
        widget=forms.Textarea,
        help_text=_(
            "A few words are enough, and you can leave this empty. Do not write your identity code."
        ),
        attrs={"rows": 3},
    )
    needs = _text(
        _("Is there something that we should prepare for?"),
        500,
        help_text=_("For example a wheelchair, a hearing loop or a guide dog."),
    )
    postal_address = _text(
        _("Postal address"), 300, attrs={"autocomplete": "street-address"}, widget=forms.Textarea
    )

    area = _text(
        _("Postal code"),
        postal_codes.MOST,
        help_text=_(
            "You can leave this empty. With it we know whether people of your area get service."
        ),
        attrs={"autocomplete": "postal-code"},
    )

    def __init__(
        self, data: Any = None, *, mode: str, booker: Booker | None = None, initial: Any = None
    ) -> None:
        language = (get_language() or "fi")[:2]
        given = {"contact_language": language, **(initial or {})}
        super().__init__(data, initial=given, label_suffix="")
        self.fields["postal_address"].widget.attrs["rows"] = 2
        if mode in MODES_AT_POINTS:
            del self.fields["area"]  # who comes to a point counts there
        if mode == BookingMode.PHONE:
            self.fields["phone"].help_text = _("We call you at this number.")
        else:
            self.fields["phone"].help_text = _(
                "We send text messages to a mobile number. We call any other number if your time "
                "changes."
            )
        self.booker = booker or Booker()
        if self.booker.for_others:
            self.fields["name"].label = _("The customer's name")
        if self.booker.is_partner:
            self.fields["partner"] = _text(
                _("Your organisation"),
                120,
                help_text=_("We name it beside the booking."),
                attrs={"autocomplete": "organization"},
            )

    def customer(self) -> Customer:
        """What was typed, unchecked; of a form whose ``is_valid`` was asked."""
        given = self.cleaned_data
        return Customer(
            name=given.get("name", ""),
            phone=given.get("phone", ""),
            email=given.get("email", ""),
            postal_address=" ".join(given.get("postal_address", "").split()),
            contact_language=given.get("contact_language") or (get_language() or "fi")[:2],
            reminders=bool(given.get("reminders")),
            matter=given.get("matter", ""),
            needs=given.get("needs", ""),
            area=given.get("area", ""),
        )

    def refuse(self, wrong: CustomerInvalid) -> None:
        """Say at each field what the rules say of it."""
        for field, text in wrong.messages.items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, text)

    def typed(self) -> dict[str, str]:
        """The text as it was typed, right or wrong, to be shown again."""
        names = [name for name in self.fields if name != "reminders"]
        found = {name: str(self.data.get(name, ""))[:2000] for name in names}
        return {**found, "reminders": "on" if self.data.get("reminders") else ""}


class WaitingForm(CustomerForm):
    """A customer who waits for a time to become free on some days."""

    first = forms.DateField(
        label=_("From which day on?"), widget=DayInput(), input_formats=DAY_FORMATS
    )
    last = forms.DateField(
        label=_("Until which day?"), widget=DayInput(), input_formats=DAY_FORMATS
    )
    field_order = ["first", "last"]

    def __init__(self, data: Any = None, *, mode: str, today: date, initial: Any = None) -> None:
        super().__init__(data, mode=mode, initial=initial)
        self.today = today
        for name in ("first", "last"):
            self.fields[name].error_messages |= {
                "required": _("Choose a day."),
                "invalid": _("Write the day like this: 31.12.2026."),
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        if last and last < self.today:
            self.add_error("last", _("That day has passed. Choose today or a later day."))
        elif first and last and last < first:
            self.add_error("last", _("The last day is before the first one."))
        elif last and last > self.today + LONGEST_WAIT:
            self.add_error("last", _("Choose a day within half a year."))
        return given
