"""What a customer asks for: the form's fields, read from the address with its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import Resource
from palveluverkko.network.finding import LONGEST, Place
from palveluverkko.web.forms import DAY_FORMATS, NOT_LISTED, DayInput
from palveluverkko.web.portal.booking.words import named
from palveluverkko.web.portal.register import Register
from palveluverkko.web.texts import in_language
from palveluverkko.web.widgets import Select

FURTHEST_DAYS = 365

WAYS = (
    ("", _("Any way")),
    ("point", _("At a service point")),
    ("video", _("By video")),
    ("phone", _("By phone")),
)
SORTS = (("", _("Nearest first")), ("earliest", _("Earliest first")))


@dataclass(frozen=True, slots=True)
class Asked:
    """A search. Empty texts and None mean that anything will do."""

    service: str = ""
    place: Place | None = None
    day: date | None = None
    language: str = ""
    way: str = ""
    sort: str = ""


class FindForm(forms.Form):
    """I need, I am in, I can on, in which language, in which way. Nothing is obligatory."""

    service = forms.ChoiceField(label=_("I need help with"), required=False, widget=Select())
    place = forms.CharField(
        label=_("I am in"),
        help_text=_("A municipality, a postal code or a service point"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day = forms.DateField(
        label=_("I can come or talk on"),
        help_text=_("Leave empty if any day will do."),
        required=False,
        widget=DayInput(),
        input_formats=DAY_FORMATS,
        error_messages={"invalid": _("Write the day like this: 31.12.2026.")},
    )
    language = forms.ChoiceField(label=_("Language of service"), required=False, widget=Select())
    way = forms.ChoiceField(label=_("How"), required=False, choices=WAYS, widget=Select())
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=SORTS, widget=Select())

    def __init__(self, data: Mapping[str, Any] | None, register: Register, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.today = today
        self.descriptions = described(register)
        self._offer("service", _("I do not know which service"), _services(register))
        self._offer("language", _("Any language"), _languages(register))
        last = today + timedelta(days=FURTHEST_DAYS)
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                field.error_messages["invalid_choice"] = NOT_LISTED
            help_id = f"id_{name}_helptext " if field.help_text else ""
            field.widget.attrs["aria-describedby"] = f"{help_id}id_{name}_problem"
        self.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}

    def _offer(self, name: str, anything: Any, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", anything), *choices]

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data["day"]
        if day is not None and day < self.today:
            raise forms.ValidationError(_("That day has passed. Choose today or a later day."))
        if day is not None and day > self.today + timedelta(days=FURTHEST_DAYS):
            raise forms.ValidationError(
                _("That day is more than a year away. Choose a nearer one.")
            )
        return day

    def asked(self, place: Place | None) -> Asked:
        """The search as far as it could be read; a field in error asks for anything."""
        given = self.cleaned_data
        return Asked(
            service=given.get("service", ""),
            place=place,
            day=given.get("day"),
            language=given.get("language", ""),
            way=given.get("way", ""),
            sort=given.get("sort", ""),
        )


def described(register: Register) -> list[tuple[str, str]]:
    """What belongs to each service, of those that say so, with the service's name."""
    services, texts = register.services, register.descriptions
    return [(in_language(services[code]), in_language(texts[code])) for code in texts]


def _services(register: Register) -> list[tuple[str, str]]:
    return [(code, in_language(names)) for code, names in register.services.items()]


def _languages(register: Register) -> list[tuple[str, str]]:
    """The agency's languages, those of its points, and those of advisers, who serve by video."""
    advisers = Resource.objects.filter(kind=Resource.Kind.ADVISER)
    spoken = advisers.order_by().values_list("languages", flat=True).distinct()
    others = sorted({code for codes in spoken for code in codes})
    known = dict.fromkeys((*register.languages, *others))
    return named(known)
