"""The words that pages use for the codes of the rules."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, str | Promise]

OUTCOME: Labels = {
    "keep": _("Keep"),
    "may_be_replaced": _("May be replaced"),
    "not_permitted": _("Replacement not permitted"),
    "capacity_limited": _("Capacity-limited"),
    "unknown": _("Unknown"),
    "add_day": _("Add an opening day"),
    "add_pop_up": _("Add a pop-up point"),
    "add_point": _("Add a point"),
}

OUTCOME_MEANING: Labels = {
    "keep": _("The point does not meet the criteria for replacement."),
    "may_be_replaced": _(
        "Demand is low and every need of its customers can be met in another way. "
        "The criteria permit a proposal; a decision is made by the deciding body."
    ),
    "not_permitted": _(
        "One half of the criteria holds, another does not; the failing half is named below."
    ),
    "capacity_limited": _(
        "Almost every time slot was taken, so the visits do not show how many would come."
    ),
    "unknown": _("Data are missing, so that the criteria can be neither met nor rejected."),
    "add_day": _("Demand or access asks for one more opening day."),
    "add_pop_up": _("Access asks for a pop-up point."),
    "add_point": _("Access asks for a new point."),
}

KIND: Labels = {
    "service_point": _("Service point"),
    "joint_service_point": _("Joint service point"),
    "pop_up_point": _("Pop-up point"),
    "area": _("Proposal for an area"),
}

KINDS: Labels = {
    "service_point": _("Service points"),
    "joint_service_point": _("Joint service points"),
    "pop_up_point": _("Pop-up points"),
    "area": _("Proposals for areas"),
}

MODE: Labels = {
    "walk_in": _("Walk-in"),
    "appointment": _("By appointment"),
    "video_room": _("Video room"),
}

CHANNEL: Labels = {
    "neighbour": _("Another point"),
    "video_room": _("Video room at a joint point"),
    "phone": _("Phone service"),
    "video": _("Video from home"),
    "online": _("Online service"),
}

RECEIVER_VERDICT: Labels = {
    "fits": _("Has room"),
    "over_capacity": _("Over its capacity"),
    "unknown": _("Capacity not known"),
}

VERDICT: Labels = {
    "true": _("The criterion holds"),
    "false": _("The criterion does not hold"),
    "unknown": _("Not known"),
}

WEEK: Labels = {
    "complete": _("Complete week"),
    "holiday": _("Week with a public holiday or an exception"),
    "closed": _("Closed week"),
    "missing": _("Counts missing"),
    "capped": _("Week at full capacity"),
}

CHANGE: Labels = {
    "falling": _("Demand is falling"),
    "rising": _("Demand is rising"),
}

SYNTHETIC: Labels = {
    "opening_hours": _("opening hours"),
    "visits": _("visits"),
    "slots": _("bookable times"),
    "location_choice": _("choice of place"),
    "position": _("position"),
    "offers": _("services offered"),
    "services": _("services offered"),
    "agreement": _("agreement"),
    "point": _("the point itself"),
    "name": _("name"),
    "address": _("address"),
    "languages": _("languages"),
    "capacity": _("capacity"),
}

LEVEL: Labels = {
    "area": _("Population area"),
    "municipality": _("Municipality"),
    "region": _("Region"),
    "nation": _("Whole country"),
}

STRATUM: Labels = {
    "all": _("The whole country"),
    "urban": _("Urban municipalities"),
    "semi_urban": _("Semi-urban municipalities"),
    "rural": _("Rural municipalities"),
}

WEEKDAY: tuple[str | Promise, ...] = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

WEEKDAY_SHORT: tuple[str | Promise, ...] = (
    _("Mon"),
    _("Tue"),
    _("Wed"),
    _("Thu"),
    _("Fri"),
    _("Sat"),
    _("Sun"),
)

LANGUAGE: Labels = {
    "fi": _("Finnish"),
    "sv": _("Swedish"),
    "en": _("English"),
    "se": _("Northern Sámi"),
    "smn": _("Inari Sámi"),
    "sms": _("Skolt Sámi"),
}

SETS: Mapping[str, Labels] = {
    "outcome": OUTCOME,
    "meaning": OUTCOME_MEANING,
    "kind": KIND,
    "kinds": KINDS,
    "mode": MODE,
    "channel": CHANNEL,
    "receiver": RECEIVER_VERDICT,
    "verdict": VERDICT,
    "week": WEEK,
    "change": CHANGE,
    "synthetic": SYNTHETIC,
    "level": LEVEL,
    "stratum": STRATUM,
    "language": LANGUAGE,
}


def label(kind: str, code: object) -> str:
    """The word for ``code`` in the language in use; the code itself where there is none."""
    return str(SETS[kind].get(str(code), str(code).replace("_", " ")))
