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
from palveluverkko.web.texts import in_language

NOT_IN_FORCE = ("policy.not_in_force", "policy.expired")


@dataclass(frozen=True)
class Selection:
    """The policy (by file name) and day of a page. ``staff``: small figures may be shown."""

    name: str
    policy: PolicyFile
    as_of: date
    form: SelectionForm
    given: dict[str, str]
    staff: bool

    @cached_property
    def report(self) -> dict[str, Any]:
        return reports.report(self.name, self.as_of)

    @property
    def query(self) -> str:
        """The part of an address that keeps the choice; empty for the defaults."""
        return f"?{urlencode(self.given)}" if self.given else ""

    @property
    def synthetic(self) -> bool:
        return any(point["synthetic"] for point in self.report["points"])

    @property
    def warnings(self) -> list[str]:
        """What holds for every figure of the page: the criteria were not in force that day."""
        return [
            in_language(check["text"])
            for check in self.report["checks"]
            if check["code"] in NOT_IN_FORCE
        ]

    @cached_property
    def state(self) -> str:
        """Changes whenever the page's content may: for ETags."""
        report = self.report
        return f"{report['data_hash']}.{report['policy_hash']}.{report['as_of']}.{self.staff:d}"


def selection_of(request: HttpRequest) -> Selection:
    """What the address asks for. What cannot be used falls back to the default and is said so.

    Raises ``PolicyInvalid`` where the default policy's own file has errors.
    """
    known = reports.known_policies()
    if settings.DEFAULT_POLICY in known.broken:
        raise known.broken[settings.DEFAULT_POLICY]
    wanted = {name: request.GET[name] for name in ("policy", "date") if request.GET.get(name)}
    # A bound form shows only what it was given: without the defaults, a page asked for by date
    # alone would name the list's first policy over the figures of the default one.
    shown = {"policy": settings.DEFAULT_POLICY, "date": f"{reports.default_as_of():%Y-%m-%d}"}
    form = SelectionForm({**shown, **wanted} if wanted else None, policies=known.usable)
    accepted = getattr(form, "cleaned_data", {}) if not form.is_valid() else form.cleaned_data
    name = accepted.get("policy") or settings.DEFAULT_POLICY
    as_of = accepted.get("date") or reports.default_as_of()
    form.fields["policy"].initial = name
    form.fields["date"].initial = as_of
    return Selection(
        name=name,
        policy=known.usable[name],
        as_of=as_of,
        form=form,
        given={key: value for key, value in wanted.items() if accepted.get(key)},
        staff=bool(request.user.is_authenticated and request.user.is_staff),
    )
