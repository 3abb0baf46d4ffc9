"""Forms of the pages: choice of policy and day, filters, a day's counts, uploads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.decisions.queries import FIRST_DAY, LAST_DAY
from palveluverkko.network.models import ModeChoices, Service, ServicePoint
from palveluverkko.web.texts import in_language

# The browser's date field sends the first; where there is none, people type the second.
DAY_FORMATS = ("%Y-%m-%d", "%d.%m.%Y")
# Django's own words repeat the code that was sent, which means nothing to people.
NOT_LISTED = _("Choose one from the list.")


class DayInput(forms.DateInput):
    """The browser's own date field, which speaks ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SelectionForm(forms.Form):
    """Policy and as-of date, sent by GET so that a page's address says both."""

    policy = forms.ChoiceField(label=_("Criteria"), required=False)
    date = forms.DateField(
        label=_("As of"),
        required=False,
        widget=DayInput(),
        input_formats=["%Y-%m-%d"],
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )

    def __init__(self, data: Mapping[str, str] | None, policies: Mapping[str, PolicyFile]) -> None:
        super().__init__(data)
        language = get_language() or "fi"
        field = self.fields["policy"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (name, in_language(file.policy.title, language)) for name, file in policies.items()
        ]


class VisitsForm(forms.Form):
    """One day's count at a point, for one service in one mode."""

    day = forms.DateField(label=_("Day"), widget=DayInput(), input_formats=["%Y-%m-%d"])
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), empty_label=None
    )
    mode = forms.ChoiceField(label=_("Way of service"), choices=ModeChoices.choices)
    visits = forms.IntegerField(
        label=_("Visits"), min_value=0, help_text=_("Zero says that nobody came; leave no gaps.")
    )

    def __init__(self, data: Any, point: ServicePoint, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        services = self.fields["service"]
        assert isinstance(services, forms.ModelChoiceField)
        services.queryset = Service.objects.all()
        self.point = point

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        opened, ended = self.point.valid_from, self.point.valid_until
        if opened and day < opened:
            raise forms.ValidationError(_("The point was not open yet on that day."))
        if ended and day > ended:
            raise forms.ValidationError(_("The point had ended by that day."))
        return day


class ImportForm(forms.Form):
    """A file of visit counts, or of the register in one of its formats."""

    VISITS = "visits"
    content = forms.ChoiceField(
        label=_("The file holds"),
        choices=[
            (VISITS, _("Visit counts (CSV or Parquet)")),
            ("csv", _("Register of points (CSV)")),
            ("ptv", _("Register of points (PTV, JSON)")),
            ("hsds", _("Register of points (HSDS 3)")),
        ],
    )
    file = forms.FileField(label=_("File"), allow_empty_file=True)
