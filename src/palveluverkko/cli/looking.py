"""``point``, ``hours``, ``access``, ``policies``: look at one thing closely."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

import typer

from palveluverkko.calendar.osm import OsmHoursInvalid
from palveluverkko.cli.assessing import (
    AsOfOption,
    FormatOption,
    PolicyOption,
    day_or_default,
    find_policy,
)
from palveluverkko.cli.output import (
    Exit,
    Format,
    Language,
    fail,
    out,
    print_json,
    print_rows,
)
from palveluverkko.criteria import PolicyInvalid
from palveluverkko.decisions import queries
from palveluverkko.decisions.policies import policy_paths, read_policy_file
from palveluverkko.network.errors import PointUnknown, RegisterError
from palveluverkko.network.osm_hours import osm_hours, set_osm_hours

LanguageOption = Annotated[Language, typer.Option(help="Language of the reasons.")]


def register(app: typer.Typer) -> None:
    app.command()(point)
    app.command()(hours)
    app.command()(access)
    app.command()(policies)


def point(
    point_id: Annotated[str, typer.Argument(help="The point's id, for example kangasniemi")],
    policy: PolicyOption = "kela-2017-12",
    as_of: AsOfOption = None,
    fmt: FormatOption = Format.TABLE,
    language: LanguageOption = Language.EN,
) -> None:
    """Show one point: demand, outcome with reasons, substitutes."""
    day = day_or_default(as_of)
    find_policy(policy)
    content = queries.report(policy, day)
    found = next((p for p in content["points"] if p["id"] == point_id), None)
    if found is None:
        near = [p["id"] for p in content["points"] if point_id[:4].lower() in p["id"]][:8]
        hint = f" Perhaps: {', '.join(near)}?" if near else " See: palveluverkko assess"
        fail(f"No point {point_id!r} is in force on {day}.{hint}", Exit.NOT_FOUND)
    if fmt is Format.JSON:
        print_json(found)
    elif fmt is Format.CSV:
        print_rows(found["substitutes"], _RECEIVER, fmt)
    else:
        _print_point(found, language)


_RECEIVER = (
    "channel",
    "id",
    "name",
    "minutes",
    "extra_visits",
    "load_before",
    "capacity",
    "verdict",
)


def _print_point(found: dict[str, Any], language: str) -> None:
    out.print(f"{found['name']} ({found['municipality']}), {found['kind']}", style="bold")
    out.print(f"Outcome: {found['outcome']}", highlight=False)
    for reason in found["reasons"]:
        out.print(f"  {reason['verdict']:8} {reason['text'][language]}", highlight=False)
    if found["needs"]:
        print_rows(
            [{**n, "covered_%": n["covered_share"] * 100} for n in found["needs"]],
            ("service", "visits_per_week", "covered_%", "met"),
            Format.TABLE,
            "Needs",
        )
    if found["substitutes"]:
        print_rows(found["substitutes"], _RECEIVER, Format.TABLE, "Substitutes", _RECEIVER[3:7])
    if found["synthetic"]:
        out.print(f"Synthetic: {', '.join(found['synthetic'])}", style="yellow")


def hours(
    point_id: Annotated[str, typer.Argument(help="The point's id, for example kangasniemi")],
    replace: Annotated[
        str, typer.Option("--set", help='New hours as an OSM string, "Mo-Fr 09:00-16:00; PH off".')
    ] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; default: today.")
    ] = None,
    weeks: Annotated[int, typer.Option(help="Print the weeks ahead.", min=1, max=104)] = 4,
) -> None:
    """Print a point's opening times as an OSM opening_hours string, or set them from one."""
    first = since.date() if since else date.today()
    try:
        if replace:
            set_osm_hours(point_id, replace, first)
        typer.echo(osm_hours(point_id, first, first + timedelta(weeks=weeks, days=-1)))
    except PointUnknown as unknown:
        fail(str(unknown), Exit.NOT_FOUND)
    except (OsmHoursInvalid, RegisterError) as wrong:
        fail(f"{wrong}\nNothing was changed.", Exit.REJECTED)


def access(
    policy: PolicyOption = "kela-2017-12",
    as_of: AsOfOption = None,
    fmt: FormatOption = Format.TABLE,
    language: LanguageOption = Language.EN,
) -> None:
    """Show coverage checks, uncovered areas and five-day access before and after."""
    find_policy(policy)
    content = queries.report(policy, day_or_default(as_of))
    if fmt is Format.JSON:
        print_json(
            {key: content[key] for key in ("policy", "as_of", "data_hash", "checks", "areas")}
        )
        return
    checks = [{**check, "text": check["text"][language]} for check in content["checks"]]
    rows = [{**p, **(p["access"] or {})} for p in content["points"] if p["access"] is not None]
    columns = (
        "id",
        "residents",
        "five_day_before",
        "five_day_after",
        "median_before",
        "median_after",
        "p90_after",
        "longest_after",
    )
    if fmt is Format.TABLE:
        for check in checks:
            out.print(f"{check['verdict']:8} {check['text']}", highlight=False, soft_wrap=True)
        for area in content["areas"]:
            text = " ".join(reason["text"][language] for reason in area["reasons"])
            out.print(
                f"{area['outcome']:12} {area['name']}: {text}", highlight=False, soft_wrap=True
            )
    if fmt is Format.TABLE and not rows:
        return
    print_rows(
        [
            {**r, "five_day_before": _percent(r, "before"), "five_day_after": _percent(r, "after")}
            for r in rows
        ],
        columns,
        fmt,
        "If the point ended: five-day access (% of its residents), minutes to personal service",
        columns[1:],
    )


def _percent(row: dict[str, Any], when: str) -> float | None:
    share = row[f"five_day_{when}"]
    return None if share is None else share * 100


def policies(fmt: FormatOption = Format.TABLE, language: LanguageOption = Language.EN) -> None:
    """List the policies, and what is wrong with the files that cannot be read."""
    rows, broken = [], []
    for name, path in policy_paths().items():
        try:
            policy = read_policy_file(path).policy
        except PolicyInvalid as invalid:
            broken.append(str(invalid))
            continue
        rows.append(
            {
                "policy": name,
                "title": policy.title.get(language, ""),
                "decided": str(policy.decided),
                "valid_from": str(policy.valid_from),
                "hash": policy.hash[:12],
            }
        )
    print_rows(rows, ("policy", "title", "decided", "valid_from", "hash"), fmt)
    if broken:
        fail("\n".join(broken), Exit.REJECTED)
