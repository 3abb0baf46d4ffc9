"""What is asked of somebody who wants to be called: the topic, then a number and little more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking import offerings
from palveluverkko.contact.callback_errors import AskInvalid
from palveluverkko.contact.callbacks import MOST_AREA, MOST_MATTER, MOST_NAME, Wanted
from palveluverkko.web.portal.booking import words
from palveluverkko.web.portal.callback import times
from palveluverkko.web.portal.register import Register
from palveluverkko.web.texts import in_language

TOO_LONG = {"max_length": _("Write at most %(limit_value)d letters.")}


class TopicForm(forms.Form):
    """What it is about and in which language; when we can call depends on both."""

    point = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput())
    service = forms.ChoiceField(
        label=_("What do you need help with?"),
        error_messages={"required": _("Choose what you need help with.")},
    )
    language = forms.ChoiceField(label=_("In which language?"))

    def __init__(self, data: Mapping[str, Any], register: Register) -> None:
        given = {name: data.get(name, "") for name in self.base_fields}
        given["language"] = given["language"] or (get_language() or "fi")[:2]
        super().__init__(given, label_suffix="")
        services = [(code, in_language(names)) for code, names in register.services.items()]
        self._offer("service", [("", _("Choose a service")), *services])
        self._offer("language", words.named(offerings.current().languages))

    @property
    def started(self) -> bool:
        return bool(self.data["service"])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AskForm(forms.Form):
    """The number and when; the rest can be left empty. The rules are those of ``contact``."""

    start = forms.CharField(required=False, max_length=20)
    phone = forms.CharField(
        label=_("Phone number"),
        required=False,
        max_length=40,
        help_text=_("We call you at this number."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "tel",
                "type": "tel",
                "inputmode": "tel",
                "aria-required": "true",
            }
        ),
        error_messages=TOO_LONG,
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=MOST_NAME,
        help_text=_("The name that we call you by. You can leave this empty."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages=TOO_LONG,
    )
    matter = forms.CharField(
        label=_("What is it about?"),
        required=False,
        max_length=MOST_MATTER,
        help_text=_(
            "A few words are enough, and you can leave this empty. Do not write your identity code."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG,
    )
    area = forms.CharField(
        label=_("Postal code"),
        required=False,
        max_length=MOST_AREA,
        help_text=_("You can leave this empty. It tells us where service is needed."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
        error_messages=TOO_LONG,
    )
    contact_language = forms.ChoiceField(
        label=_("In which language do we write to you?"),
        choices=settings.LANGUAGES,
        required=False,
    )
    reminders = forms.BooleanField(
        label=_("Remind me before the call by text message"), required=False, initial=True
    )

    def __init__(self, data: Any = None, *, initial: Any = None, for_others: bool = False) -> None:
        language = (get_language() or "fi")[:2]
        super().__init__(
            data, initial={"contact_language": language, **(initial or {})}, label_suffix=""
        )
        self.others = list(data.getlist("also"))[:20] if data is not None else []
        if for_others:
            self.fields["phone"].label = _("The customer's phone number")
            self.fields["name"].label = _("The customer's name")

    def wanted(self, service: str, language: str) -> Wanted:
        """What was typed, unchecked; of a form whose ``is_valid`` was asked."""
        given = self.cleaned_data
        start = given.get("start", "")
        return Wanted(
            service=service,
            language=language,
            phone=given.get("phone", ""),
            starts=times.read([start, *self.others]) if start and start != times.SOON else (),
            soon=start == times.SOON,
            name=given.get("name", ""),
            area=given.get("area", ""),
            contact_language=given.get("contact_language") or (get_language() or "fi")[:2],
            reminders=bool(given.get("reminders")),
            matter=given.get("matter", ""),
        )

    def refuse(self, wrong: AskInvalid) -> None:
        """Say at each field what the rules say of it."""
        for field, text in wrong.messages.items():
            if field not in self.errors:
                self.add_error(field if field in self.fields else None, text)

    def typed(self) -> dict[str, str]:
        """The text as it was typed, right or wrong, to be shown again."""
        names = ("phone", "name", "matter", "area", "contact_language")
        found = {name: str(self.data.get(name, ""))[:MOST_MATTER] for name in names}
        return {**found, "reminders": "on" if self.data.get("reminders") else ""}
