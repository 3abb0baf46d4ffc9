"""The same answers by full matrices and plain loops: slow, short, and written apart."""

from __future__ import annotations

import math

import numpy as np
from pyproj import Geod

from palveluverkko.snapshot.model import Mode, PointKind
from palveluverkko.snapshot.values import Estimate

SPHERE = Geod(a=6371008.8, b=6371008.8)
OWN = {PointKind.SERVICE_POINT, PointKind.POP_UP_POINT}


def drive(model, straight):
    """Minutes, walked along the road band by band."""
    left, done, minutes = straight * model.detour, 0.0, model.terminal_minutes
    for upper, speed in model.speeds:
        piece = min(left, upper - done)
        minutes += 60.0 * piece / speed
        left, done = left - piece, upper
        if left <= 0:
            break
    return minutes


def matrices(snapshot, model):
    """Minutes and road km of every area to every point."""
    shape = (len(snapshot.areas), len(snapshot.points))
    minutes, km = np.zeros(shape), np.zeros(shape)
    for a in range(shape[0]):
        for p, point in enumerate(snapshot.points):
            metres = SPHERE.inv(snapshot.areas.lon[a], snapshot.areas.lat[a], point.lon, point.lat)[
                2
            ]
            km[a, p] = metres / 1000 * model.detour
            minutes[a, p] = drive(model, metres / 1000)
    table = snapshot.travel
    if table is not None:
        if table.complete:
            minutes[:] = np.inf
        imported = {}
        for a, p, m in zip(table.area, table.point, table.minutes, strict=True):
            m = math.inf if math.isnan(m) else float(m)
            imported[a, p] = min(m, imported.get((a, p), math.inf))
        for (a, p), m in imported.items():
            minutes[a, p] = m
    return minutes, km


def room(point, day):
    agreement = point.agreement
    if point.kind is not PointKind.JOINT_SERVICE_POINT or agreement is None:
        return {}
    if not agreement.video_room or agreement.since > day:
        return {}
    if agreement.until is not None and agreement.until < day:
        return {}
    given = {}
    for offer in point.offers:
        if offer.mode is Mode.VIDEO_ROOM and offer.weekdays:
            given.setdefault(offer.service, set()).update(offer.weekdays)
    return given


def own(snapshot, gone=()):
    return [
        i
        for i, p in enumerate(snapshot.points)
        if p.kind in OWN and p.regular_weekdays and i not in gone
    ]


def nearest(times, points):
    """(points that are nearest, minutes); several where they are equally near."""
    best = min((times[p] for p in points), default=math.inf)
    if not math.isfinite(best):
        return [], math.inf
    return [p for p in points if times[p] <= best + 1e-7], best


def residents_of(snapshot, minutes, c):
    """Residents of every area that belong to point ``c``."""
    people = np.zeros(len(snapshot.areas))
    for a in range(len(people)):
        owners, _ = nearest(minutes[a], own(snapshot))
        if c in owners:
            people[a] = snapshot.areas.residents[a] / len(owners)
    return people


def days_reached(snapshot, times, limit, gone=()):
    reached = set()
    for p, point in enumerate(snapshot.points):
        if times[p] <= limit and p not in gone:
            if point.kind in OWN:
                reached |= set(point.regular_weekdays)
            for weekdays in room(point, snapshot.as_of).values():
                reached |= weekdays
    return reached & {0, 1, 2, 3, 4}


def eligible(snapshot, rules, c, service, gone):
    """(neighbours, rooms) that may take this service of point ``c``."""
    leaving = snapshot.points[c]
    gone = set(gone) | {c}

    def given_on(point):
        return {
            day
            for o in point.offers
            if o.service == service and o.mode is not Mode.VIDEO_ROOM
            for day in o.weekdays
        }

    neighbours = [
        p
        for p in own(snapshot, gone)
        if snapshot.points[p].kind is PointKind.SERVICE_POINT
        and service in rules.meets["neighbour"]
        and given_on(snapshot.points[p])
        and (
            not rules.same_weekdays
            or (
                set(leaving.regular_weekdays) <= set(snapshot.points[p].regular_weekdays)
                and given_on(leaving) <= given_on(snapshot.points[p])
            )
        )
    ]
    rooms = [
        p
        for p, point in enumerate(snapshot.points)
        if p not in gone
        and service in rules.meets["video_room"]
        and service in room(point, snapshot.as_of)
    ]
    return neighbours, rooms


def takers_of(snapshot, rules, times, service, neighbours, rooms):
    """{channel: ids} of everybody who can take a need class of one area's residents."""
    takers = {}
    for channel, points in (("neighbour", neighbours), ("video_room", rooms)):
        found, time = nearest(times, points)
        if time <= rules.minutes:
            takers[channel] = [snapshot.points[p].id for p in found]
    for channel in (c.code for c in snapshot.channels):
        may = channel != "online" or rules.online_source
        if may and service in rules.meets.get(channel, ()):
            takers[channel] = [channel]
    return takers


def shares_of(rules, takers):
    """{id: share of the visits}."""
    shifts = {ch: rules.shift.get(ch, 0.0) for ch in takers}
    if sum(shifts.values()) == 0:
        shifts = dict.fromkeys(takers, 1.0)
    return {
        id: shifts[ch] / sum(shifts.values()) / len(ids) for ch, ids in takers.items() for id in ids
    }


def mix_of(snapshot, c, services):
    columns = [snapshot.demand.services.index(s) for s in services]
    counts = snapshot.demand.service_visits[c, columns].astype(float)
    return counts / counts.sum() if counts.sum() else np.full(len(services), 1 / len(services))


def substitution(snapshot, demand, rules, c, gone=()):
    """Residents, cover by service, visits by receiver, unmet visits, five days, minutes after."""
    minutes, _ = matrices(snapshot, rules.travel)
    people = residents_of(snapshot, minutes, c)
    total = people.sum()
    services = sorted({o.service for o in snapshot.points[c].offers})
    if total <= 0 or not services:
        return None
    effective = demand[c].effective
    visits = effective.value if isinstance(effective, Estimate) else math.nan
    covered, received, unmet = dict.fromkeys(services, 0.0), {}, 0.0
    for service, weight in zip(services, mix_of(snapshot, c, services), strict=True):
        neighbours, rooms = eligible(snapshot, rules, c, service, gone)
        for a in np.nonzero(people)[0]:
            takers = takers_of(snapshot, rules, minutes[a], service, neighbours, rooms)
            here = visits * weight * people[a] / total
            if not takers:
                unmet += here
                continue
            covered[service] += people[a] / total
            for id, share in shares_of(rules, takers).items():
                received[id] = received.get(id, 0.0) + here * share

    def five(absent):
        days = [days_reached(snapshot, times, rules.minutes, absent) for times in minutes]
        return people[[len(d) == 5 for d in days]].sum() / total

    return {
        "residents": total,
        "covered": covered,
        "received": {k: v for k, v in received.items() if v > 0},
        "unmet": unmet,
        "five_day": (five(()), five({c, *gone})),
        "after": [nearest(times, own(snapshot, {c, *gone}))[1] for times in minutes],
        "people": people,
    }
