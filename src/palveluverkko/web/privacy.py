"""What the public may see: figures of fewer than five visits a week are not shown.

Three visits a week in a small municipality can be three known people. Signed-in staff see the
figures as they are, and so does a decision's own document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

SMALL = 5


def is_small(visits: float | None) -> bool:
    """Whether a weekly figure must not be published. Zero tells of nobody and is shown."""
    return visits is not None and 0 < visits < SMALL


def is_shielded(point: Mapping[str, Any]) -> bool:
    """Whether the point's demand is a small cell, by what came or by what would come."""
    return is_small(point["weekly_visits"]) or is_small(point.get("effective_visits"))


def public_point(point: Mapping[str, Any]) -> dict[str, Any]:
    """A point of the document as the public may see it.

    ``shielded`` says that figures are withheld; each withheld need or substitute says it too. What
    would let a withheld figure be computed (interval, use of capacity, sentences) goes with it.
    """
    shielded = is_shielded(point)
    withheld: dict[str, Any] = {}
    if shielded:
        names = ("weekly_visits", "interval", "effective_visits", "effective_interval")
        withheld = dict.fromkeys((*names, "utilisation"))
    return {
        **point,
        **withheld,
        "shielded": shielded,
        "reasons": [public_reason(reason, shielded) for reason in point["reasons"]],
        "needs": [_public_need(need) for need in point["needs"]],
        "substitutes": [_public_receiver(receiver) for receiver in point["substitutes"]],
    }


def public_reason(reason: Mapping[str, Any], shielded: bool = False) -> dict[str, Any]:
    """A reason without a small figure in its number, its data or its sentence."""
    counts_visits = "visit" in reason["unit"]
    if not counts_visits or not (shielded or is_small(reason["figure"])):
        return dict(reason)
    return {
        **reason,
        "figure": None,
        "interval": None,
        "data": {},
        "text": None,  # the page says it in its own words, see ``withheld_text``
        "shielded": True,
    }


def withheld_text(threshold: float | None) -> str:
    """The sentence that stands in for one with a small figure."""
    if threshold is None:
        return _("Fewer than 5 visits a week; the exact figure is not public.")
    return _(
        "Fewer than 5 visits a week; the threshold is %(threshold)s. "
        "The exact figure is not public."
    ) % {"threshold": f"{threshold:g}"}


def _public_need(need: Mapping[str, Any]) -> dict[str, Any]:
    if not is_small(need["visits_per_week"]):
        return {**need, "shielded": False}
    return {**need, "visits_per_week": None, "shielded": True}


def _public_receiver(receiver: Mapping[str, Any]) -> dict[str, Any]:
    result = {**receiver, "extra_shielded": False, "load_shielded": False}
    if is_small(receiver["extra_visits"]):
        result |= {"extra_visits": None, "extra_shielded": True}
    if is_small(receiver["load_before"]):
        result |= {"load_before": None, "load_shielded": True}
    return result
