"""The table of sentences: one for every reason code, and one for every cause of an unknown figure.

Placeholders are named and filled by ``palveluverkko.decisions.reasons``. Names and lists stand
after a colon or in brackets, so that no language has to inflect them.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    # Demand: the figure with its interval, the threshold, the weeks behind it.
    "demand.below": _(
        "Demand is %(figure)s visits a week (%(level)s %% interval: %(interval)s; full weeks "
        "counted: %(weeks)s of %(window)s, weeks without data: %(missing_weeks)s). This is below "
        "the limit of %(threshold)s."
    ),
    "demand.at_least": _(
        "Demand is %(figure)s visits a week (%(level)s %% interval: %(interval)s; full weeks "
        "counted: %(weeks)s of %(window)s, weeks without data: %(missing_weeks)s). This is not "
        "below the limit of %(threshold)s."
    ),
    "demand.at_most": _(
        "Demand is %(figure)s visits a week (%(level)s %% interval: %(interval)s; full weeks "
        "counted: %(weeks)s of %(window)s, weeks without data: %(missing_weeks)s). This is not "
        "above the limit of %(threshold)s."
    ),
    "demand.above": _(
        "Demand is %(figure)s visits a week (%(level)s %% interval: %(interval)s; full weeks "
        "counted: %(weeks)s of %(window)s, weeks without data: %(missing_weeks)s). This is above "
        "the limit of %(threshold)s."
    ),
    "demand.uncertain": _(
        "The interval (%(interval)s) contains the limit of %(threshold)s visits a week, so the "
        "answer about demand is not certain."
    ),
    "demand.not_proven": _(
        "Demand is %(figure)s visits a week (%(level)s %% interval: %(interval)s; full weeks "
        "counted: %(weeks)s of %(window)s). The policy compares the end of the interval with the "
        "limit of %(threshold)s, and that end lies on the other side."
    ),
    "demand.capacity_limited": _(
        "Capacity may hide demand: %(observed)s visits a week were served (full weeks counted: "
        "%(weeks)s of %(window)s, of these at capacity: %(capped_weeks)s), and there were "
        "%(capacity)s bookable times a week. How many people wanted to come is not known "
        "(%(level)s %% interval: %(interval)s), so demand below the limit of %(threshold)s is not "
        "proven."
    ),
    "demand.capacity_unknown": _(
        "%(figure)s visits a week were served (full weeks counted: %(weeks)s of %(window)s), but "
        "the point serves by appointment only and no bookable times are recorded. "
        "Demand below the limit of %(threshold)s is not proven."
    ),
    "demand.missing_weeks": _(
        "The reported weeks show %(figure)s visits a week (full weeks counted: %(weeks)s of "
        "%(window)s), but weeks without data: %(missing)s, and weeks at capacity: "
        "%(capped_weeks)s. If %(needed)s people had wanted to come in each of these, demand would "
        "not be below the limit of %(threshold)s; the busiest reported week shows %(busiest)s. Low "
        "demand is therefore not proven."
    ),
    # Load: visits as a share of bookable times.
    "load.below": _(
        "%(figure)s %% of the bookable times were used (full weeks counted: %(weeks)s of "
        "%(window)s). This is below the limit of %(threshold)s %%."
    ),
    "load.at_least": _(
        "%(figure)s %% of the bookable times were used (full weeks counted: %(weeks)s of "
        "%(window)s). This reaches the limit of %(threshold)s %%."
    ),
    "load.at_most": _(
        "%(figure)s %% of the bookable times were used (full weeks counted: %(weeks)s of "
        "%(window)s). This is not above the limit of %(threshold)s %%."
    ),
    "load.above": _(
        "%(figure)s %% of the bookable times were used (full weeks counted: %(weeks)s of "
        "%(window)s). This is above the limit of %(threshold)s %%."
    ),
    # Any other figure, under the criterion's own title.
    "metric.below": _("%(title)s: %(figure)s, which is below %(threshold)s (%(unit)s)."),
    "metric.at_least": _("%(title)s: %(figure)s, which is at least %(threshold)s (%(unit)s)."),
    "metric.at_most": _("%(title)s: %(figure)s, which is at most %(threshold)s (%(unit)s)."),
    "metric.above": _("%(title)s: %(figure)s, which is above %(threshold)s (%(unit)s)."),
    "metric.uncertain": _(
        "%(title)s: the interval (%(interval)s) contains the limit of %(threshold)s, so the answer "
        "is not certain."
    ),
    "metric.not_proven": _(
        "%(title)s: %(figure)s (%(level)s %% interval: %(interval)s). The policy compares the end "
        "of the interval with the limit of %(threshold)s, and that end lies on the other side."
    ),
    "metric.holds": _("%(title)s: yes."),
    "metric.fails": _("%(title)s: no."),
    "metric.unknown": _("%(title)s: there is no figure, so the answer is unknown."),
    # Needs of the point's customers.
    "needs.met": _(
        "Other services meet every need of the point's customers: each need has a substitute for "
        "at least %(share)s %% of the residents, within %(minutes)s minutes where they have to "
        "travel, and every receiver has room for the visits."
    ),
    "needs.not_met": _(
        "These needs have no substitute for at least %(share)s %% of the point's residents: "
        "%(needs)s."
    ),
    "needs.receiver_full": _(
        "The visits would fill these receivers beyond their capacity: %(receivers)s."
    ),
    "needs.unknown": _("Whether other services can meet the needs is not known."),
    "needs.unknown_needs": _("Whether these needs have a substitute is not known: %(needs)s."),
    "needs.receiver_unknown": _(
        "Whether these receivers have room for the visits is not known: %(receivers)s."
    ),
    # Access: shares of residents, areas too far away.
    "share_minutes.at_least": _(
        "%(figure)s %% of the residents are within %(within)s minutes. The policy asks for at "
        "least %(threshold)s %%: met."
    ),
    "share_minutes.below": _(
        "%(figure)s %% of the residents are within %(within)s minutes. The policy asks for at "
        "least %(threshold)s %%: not met."
    ),
    "share_minutes.above": _(
        "%(figure)s %% of the residents are within %(within)s minutes. The policy asks for more "
        "than %(threshold)s %%: met."
    ),
    "share_minutes.at_most": _(
        "%(figure)s %% of the residents are within %(within)s minutes. The policy asks for more "
        "than %(threshold)s %%: not met."
    ),
    "share_km.at_least": _(
        "%(figure)s %% of the residents are within %(within)s kilometres. The policy asks for at "
        "least %(threshold)s %%: met."
    ),
    "share_km.below": _(
        "%(figure)s %% of the residents are within %(within)s kilometres. The policy asks for at "
        "least %(threshold)s %%: not met."
    ),
    "share_km.above": _(
        "%(figure)s %% of the residents are within %(within)s kilometres. The policy asks for "
        "more than %(threshold)s %%: met."
    ),
    "share_km.at_most": _(
        "%(figure)s %% of the residents are within %(within)s kilometres. The policy asks for "
        "more than %(threshold)s %%: not met."
    ),
    "share_miles.at_least": _(
        "%(title)s: %(figure)s %% of the residents are within %(within)s miles. The policy asks "
        "for at least %(threshold)s %%: met."
    ),
    "share_miles.below": _(
        "%(title)s: %(figure)s %% of the residents are within %(within)s miles. The policy asks "
        "for at least %(threshold)s %%: not met."
    ),
    "share_miles.above": _(
        "%(title)s: %(figure)s %% of the residents are within %(within)s miles. The policy asks "
        "for more than %(threshold)s %%: met."
    ),
    "share_miles.at_most": _(
        "%(title)s: %(figure)s %% of the residents are within %(within)s miles. The policy asks "
        "for more than %(threshold)s %%: not met."
    ),
    "share_five_days.at_least": _(
        "%(figure)s %% of the residents have personal service within %(within)s minutes on every "
        "weekday. The policy asks for at least %(threshold)s %%: met."
    ),
    "share_five_days.below": _(
        "%(figure)s %% of the residents have personal service within %(within)s minutes on every "
        "weekday. The policy asks for at least %(threshold)s %%: not met."
    ),
    "share_five_days.above": _(
        "%(figure)s %% of the residents have personal service within %(within)s minutes on every "
        "weekday. The policy asks for more than %(threshold)s %%: met."
    ),
    "share_five_days.at_most": _(
        "%(figure)s %% of the residents have personal service within %(within)s minutes on every "
        "weekday. The policy asks for more than %(threshold)s %%: not met."
    ),
    "far_minutes.above": _(
        "%(residents)s residents live more than %(threshold)s minutes from the nearest point, the "
        "farthest %(figure)s minutes away (areas: %(areas)s)."
    ),
    "far_km.above": _(
        "%(residents)s residents live more than %(threshold)s kilometres from the nearest point, "
        "the farthest %(figure)s kilometres away (areas: %(areas)s)."
    ),
    "far.unreachable": _(
        "%(residents)s residents live in areas that are too far away, and from some of these no "
        "point can be reached at all (areas: %(areas)s)."
    ),
    "municipalities.all": _(
        "%(title)s: every municipality meets this (municipalities: %(municipalities)s; the lowest "
        "share is %(figure)s %%, the limit %(threshold)s %%)."
    ),
    "municipalities.below": _(
        "%(title)s: municipalities that do not meet this: %(count)s of %(municipalities)s (the "
        "lowest share is %(figure)s %%, the limit %(threshold)s %%)."
    ),
    # Rules: what follows.
    "rule.none_for_kind": _("The policy has no rule for replacing this kind of point: %(kind)s."),
    "rule.none_for_points": _("The policy has no rule for replacing points."),
    "rule.keep": _("The point stays: the policy's condition for replacing it does not hold."),
    "rule.may_be_replaced": _(
        "Every condition of the policy holds: the point may be replaced. The policy permits this "
        "and does not demand it."
    ),
    "rule.not_permitted": _(
        "Replacing the point is not permitted: demand alone is not enough, and another condition "
        "of the policy does not hold."
    ),
    "rule.capacity_limited": _(
        "The point's capacity, and not low demand, may explain the number of visits. The policy's "
        "condition for replacing it is not proven."
    ),
    "rule.unknown": _(
        "The data do not settle the policy's conditions. An unknown condition never permits "
        "replacing a point."
    ),
    "rule.add_day": _("The policy's condition for an additional opening day holds."),
    "rule.add_pop_up": _("The policy's condition for a pop-up point holds."),
    "rule.add_point": _("The policy's condition for an additional point holds."),
    "rule.required_true": _("The policy requires this, and it is met: “%(title)s”."),
    "rule.required_false": _("The policy requires this, and it is not met: “%(title)s”."),
    "rule.required_unknown": _(
        "The policy requires this, and it is not known to be met: “%(title)s”."
    ),
    "rule.procedure_true": _("The policy requires a procedure here: %(title)s."),
    "rule.procedure_false": _("The policy requires no procedure here: %(title)s."),
    "rule.procedure_unknown": _(
        "Whether the policy requires a procedure here is not known: %(title)s."
    ),
    "rule.points_required": _(
        "%(title)s: points examined: %(points)s, met: %(met)s, not met: %(failed)s, unknown: "
        "%(unknown)s."
    ),
    "policy.not_in_force": _(
        "The policy was not in force on %(day)s. It is valid from %(valid_from)s."
    ),
    "policy.expired": _(
        "The policy was no longer in force on %(day)s. It was valid until %(valid_until)s."
    ),
    "policy.unknown_services": _(
        "The policy names services that are not in the register: %(services)s."
    ),
    "parity.relies_on": _(
        "The substitute relies on points that meet the criteria themselves: %(points)s."
    ),
    "parity.agreement_ends": _(
        "The substitute relies on joint service points whose agreements have an end: %(points)s. "
        "The first of them ends on %(day)s."
    ),
    "parity.needs_at_once": _(
        "If all the points that may be replaced ended at once, these needs of this point's "
        "customers would have no substitute: %(needs)s."
    ),
    "parity.full_at_once": _(
        "If all the points that may be replaced ended at once, their visits would fill these "
        "receivers of this point's customers beyond capacity: %(receivers)s."
    ),
    "parity.unknown_at_once": _(
        "If all the points that may be replaced ended at once, it is not known whether the needs "
        "of this point's customers would be met."
    ),
    # The points that may be replaced, all at once.
    "together.met": _(
        "If all the points that may be replaced ended at once (points: %(of)s), other services "
        "would still meet the needs of their customers."
    ),
    "together.not_met": _(
        "The points may be replaced one by one, but not all at once (points: %(of)s): the needs of "
        "the customers of these would not be met: %(points)s."
    ),
    "together.unknown": _(
        "If all the points that may be replaced ended at once (points: %(of)s), it is not known "
        "whether the needs of the customers of these would be met: %(points)s."
    ),
}

WHY = {
    "demand.not_measured": _("No visits have ever been reported for this point."),
    "demand.too_few_weeks": _(
        "Only %(usable)s weeks can be used, and at least %(needed)s are needed (weeks without "
        "data: %(missing)s)."
    ),
    "demand.slots_unknown": _("The number of bookable times is not known."),
    "demand.trend_too_short": _(
        "Only %(usable)s weeks can be used, and a trend needs at least %(needed)s."
    ),
    "demand.trend_not_estimable": _("The counts do not allow a trend to be estimated."),
    "demand.season_too_short": _("The counts do not cover enough of the year."),
    "access.stratum_unknown": _("Nobody has recorded how many residents belong to this group."),
    "access.stratum_empty": _("No residents belong to this group."),
    "access.no_residents": _("No residents belong to the point."),
    "access.not_own_point": _("Substitutes are worked out for the agency's own points only."),
    "access.catchment_empty": _("No residents have this point as their nearest one."),
    "access.offers_unknown": _("It is not recorded which services the point gives."),
    "access.mix_unknown": _("It is not known what the point's customers come for."),
    "access.capacity_unknown": _("The capacity of a receiver is not known."),
    "access.channel_unknown": _("A channel that would take over is not in the register."),
    "access.demand_unknown": _("It is not known how many visits would move."),
    "opening.no_days": _("The regular timetable has no opening days."),
    "offers.no_services": _("The register has no services."),
    "offers.staff_not_recorded": _("The register does not record the number of trained staff."),
    "needs.unknown": _("Whether other services can meet the needs is not known."),
    "needs.not_computed": _("Substitutes have not been worked out for this point."),
}

NEED_CLASSES = {
    "identification": _("identification in person"),
    "social_assistance_urgent": _("urgent social assistance"),
    "family": _("family benefits"),
    "pension": _("pension"),
    "general": _("general advice"),
}

CHANNELS = {
    "channel:phone": _("phone service"),
    "channel:video": _("video from home"),
    "channel:online": _("online service"),
}

KINDS = {
    "service_point": _("service point"),
    "joint_service_point": _("joint service point"),
    "pop_up_point": _("pop-up point"),
}
