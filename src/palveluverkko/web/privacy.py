"""What the public may see of a point: weekly figures of fewer than five visits are withheld.

Three visits a week in a small municipality can be three known people. Signed-in staff see the
figures as they are, and so does a decision's own document.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from palveluverkko.demand.privacy import is_small
from palveluverkko.web.figures import number
from palveluverkko.web.texts import in_language

# Families of sentences that tell how many came, or a share from which that can be computed.
TELLING = ("demand.", "load.")
HARMLESS = ("demand.unknown", "load.unknown")


def is_shielded(point: Mapping[str, Any]) -> bool:
    """Whether the point's demand is a small cell, by what came or by what would come."""
    return is_small(point["weekly_visits"]) or is_small(point.get("effective_visits"))


def point_for(point: Mapping[str, Any], staff: bool) -> dict[str, Any]:
    """The point as its reader may see it; the same keys for everybody."""
    if not staff:
        return public_point(point)
    return {
        **point,
        "shielded": False,
        "needs": [{**need, "shielded": False} for need in point["needs"]],
        "substitutes": [
            {**receiver, "extra_shielded": False, "load_shielded": False}
            for receiver in point["substitutes"]
        ],
    }


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
    """A reason without a small figure in its number, its data or its sentence.

    A withheld sentence is ``None``; :func:`withheld_text` says what stands in for it.
    """
    small = "visits" in reason["unit"] and is_small(reason["figure"])
    telling = reason["code"].startswith(TELLING) and reason["code"] not in HARMLESS
    shown = {**reason, "data": {}}  # pages do not show it, and loads of receivers are in it
    if not small and not (shielded and (telling or "visits" in reason["unit"])):
        return shown
    return {**shown, "figure": None, "interval": None, "text": None, "shielded": True}


def withheld_text(reason: Mapping[str, Any]) -> str:
    """The sentence that stands in for one with a small figure."""
    if "visits" not in reason["unit"]:
        return _("The figure is not public, because there are fewer than 5 visits a week.")
    return _(
        "Fewer than 5 visits a week; the limit is %(threshold)s. The exact figure is not public."
    ) % {"threshold": number(reason["threshold"])}


def reason_text(reason: Mapping[str, Any]) -> str:
    """A reason's sentence in the page's language, or the one that stands in for it."""
    return withheld_text(reason) if reason["text"] is None else in_language(reason["text"])


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
