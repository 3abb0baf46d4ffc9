"""What is to be booked, read from the address or a form: where, how, what, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palveluverkko.booking.models import MODES_AT_POINTS, Booking, BookingMode
from palveluverkko.booking.wishes import Wish
from palveluverkko.web.forms import NOT_LISTED
from palveluverkko.web.portal.asked import described
from palveluverkko.web.portal.booking import offered, words
from palveluverkko.web.portal.booking.who import Booker
from palveluverkko.web.portal.register import Register
from palveluverkko.web.texts import in_language
from palveluverkko.web.widgets import Select

MOST_WEEKS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """All but the time. ``point`` is where the customer came from, also for video and phone."""

    mode: str
    service: str
    language: str
    point: str = ""
    interpreter: str = ""
    advisers: int = 1
    weeks: int = 1

    @property
    def at(self) -> str | None:
        """The point where the meeting is; None by video and phone."""
        return self.point if self.mode in MODES_AT_POINTS else None

    @property
    def needs_more(self) -> bool:
        """Whether others than one adviser must be free too; free times alone do not show that."""
        return bool(self.interpreter) or self.advisers > 1

    def wish(self, start: datetime) -> Wish:
        return Wish(
            mode=self.mode,
            service=self.service,
            language=self.language,
            start=start,
            point=self.at,
            advisers=self.advisers,
            interpreter=self.interpreter,
        )

    def fields(self) -> dict[str, str]:
        """As hidden fields of a form; what is as ever is left out."""
        given = {name: str(value) for name, value in asdict(self).items()}
        return {name: value for name, value in given.items() if value not in ("", "1")}

    def query(self, **changes: str) -> str:
        return urlencode({n: v for n, v in (self.fields() | changes).items() if v})


def choice_of(booking: Booking, **changes: str) -> Choice:
    """What a booking was made of, to be asked for again, perhaps at another place."""
    return Choice(
        mode=changes.get("mode", booking.mode),
        service=booking.service_id,
        language=booking.language,
        point=changes.get("point", booking.point_id or ""),
        interpreter=booking.interpreter,
        advisers=booking.advisers,
    )


class ChoiceForm(forms.Form):
    """Everything but the time. The point cannot be typed: it comes from a link."""

    point = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput())
    service = forms.ChoiceField(
        label=_("What do you need help with?"),
        widget=Select(),
        error_messages={
            "required": _("Choose what you need help with."),
            "invalid_choice": NOT_LISTED,
        },
    )
    mode = forms.ChoiceField(
        label=_("How do you want to meet the adviser?"),
        widget=forms.RadioSelect(),
        error_messages={
            "required": _("Choose how you want to meet the adviser."),
            "invalid_choice": _("This way is not offered here. Choose another one."),
        },
    )
    language = forms.ChoiceField(
        label=_("In which language?"), error_messages={"invalid_choice": NOT_LISTED}
    )
    interpreter = forms.ChoiceField(
        label=_("Do you need an interpreter?"),
        widget=Select(),
        help_text=_("The interpreter costs you nothing."),
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    advisers = forms.TypedChoiceField(
        label=_("Advisers"),
        choices=[(1, _("One adviser")), (2, _("Two advisers together"))],
        coerce=int,
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    weeks = forms.IntegerField(
        label=_("How many weeks in a row?"),
        help_text=_("At the same time every week. One means a single time."),
        min_value=1,
        max_value=MOST_WEEKS,
        required=False,
    )

    def __init__(
        self, data: Mapping[str, Any], register: Register, booker: Booker, today: date
    ) -> None:
        given = {name: data.get(name, "") for name in self.base_fields}
        given["language"] = given["language"] or (get_language() or "fi")[:2]
        super().__init__(given, label_suffix="")
        self.register, self.today = register, today
        self.descriptions = described(register)
        self.known = register.points.get(given["point"])
        self._offer("service", [("", _("Choose a service")), *self._services()])
        modes = [m for m in BookingMode.values if m in offered.modes(self.known, today)]
        self._offer("mode", [(m, words.way(m)) for m in modes])
        self._offer("language", words.named(offered.languages()))
        interpreters = words.named(offered.interpreters())
        self._offer("interpreter", [("", _("No interpreter")), *interpreters])
        if not interpreters:
            del self.fields["interpreter"]
        if not booker.for_others:
            del self.fields["advisers"], self.fields["weeks"]

    @property
    def started(self) -> bool:
        """Whether anything was chosen, so that what is missing may be called an error."""
        return bool(self.data["service"] or self.data["mode"])

    def clean_point(self) -> str:
        point: str = self.cleaned_data["point"]
        if point and self.known is None:
            raise forms.ValidationError(_("There is no such service point."))
        return point

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        mode, service = str(given.get("mode", "")), str(given.get("service", ""))
        here = self.known if mode in MODES_AT_POINTS and service else None
        if here and not offered.gives(here, service, mode, self.today):
            text = _("This service is not given in this way here. Choose another way or service.")
            self.add_error("mode", text)
        return given

    def choice(self) -> Choice:
        """What was chosen; only of a valid form."""
        given: dict[str, Any] = {n: self.cleaned_data.get(n) for n in self.base_fields}
        found = Choice(mode=given["mode"], service=given["service"], language=given["language"])
        return replace(
            found,
            point=given["point"] or "",
            interpreter=given["interpreter"] or "",
            advisers=given["advisers"] or 1,
            weeks=given["weeks"] or 1,
        )

    def _services(self) -> list[tuple[str, str]]:
        return [(code, in_language(names)) for code, names in self.register.services.items()]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
