"""Which policy and which day a page is about, from its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.web import reports
from palveluverkko.web.forms import SelectionForm


@dataclass(frozen=True)
class Selection:
    """The policy and day in force for a page. ``staff``: small figures may be shown."""

    policy: PolicyFile
    as_of: date
    form: SelectionForm
    given: dict[str, str]
    staff: bool

    @cached_property
    def report(self) -> dict[str, Any]:
        return reports.report(self.policy.policy.id, self.as_of)

    @property
    def query(self) -> str:
        """The part of an address that keeps the choice; empty for the defaults."""
        return f"?{urlencode(self.given)}" if self.given else ""

    @property
    def synthetic(self) -> bool:
        return any(point["synthetic"] for point in self.report["points"])

    @cached_property
    def state(self) -> str:
        """Changes whenever the page's content may: for ETags."""
        report = self.report
        return f"{report['data_hash']}.{report['policy_hash']}.{report['as_of']}.{self.staff:d}"


def selection_of(request: HttpRequest) -> Selection:
    """What the address asks for. What cannot be used falls back to the default and is said so."""
    known = {file.policy.id: file for file in reports.known_policies()}
    default_policy = settings.DEFAULT_POLICY
    wanted = {name: request.GET[name] for name in ("policy", "date") if request.GET.get(name)}
    form = SelectionForm(wanted or None, policies=list(known.values()))
    accepted = form.cleaned_data if form.is_valid() else getattr(form, "cleaned_data", {})
    policy = known.get(accepted.get("policy") or default_policy) or next(iter(known.values()))
    as_of = accepted.get("date") or reports.default_as_of()
    given = {name: wanted[name] for name in wanted if accepted.get(name)}
    form.fields["policy"].initial = policy.policy.id
    form.fields["date"].initial = as_of
    return Selection(
        policy=policy,
        as_of=as_of,
        form=form,
        given=given,
        staff=bool(request.user.is_authenticated and request.user.is_staff),
    )
