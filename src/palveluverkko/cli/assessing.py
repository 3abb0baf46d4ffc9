"""``assess``, ``runs``, ``verify``: assessments, made and made again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import typer

from palveluverkko.cli.output import Exit, Format, fail, out, print_json, print_rows
from palveluverkko.criteria import Outcome, PolicyInvalid
from palveluverkko.decisions import queries, runs
from palveluverkko.decisions.models import AssessmentRun
from palveluverkko.decisions.policies import PolicyFile, PolicyNotFound, get_policy
from palveluverkko.demand.privacy import is_small

POINT_COLUMNS = (
    "id",
    "name",
    "municipality",
    "kind",
    "opening_days",
    "weekly_visits",
    "interval",
    "outcome",
)
NUMBERS = ("opening_days", "weekly_visits", "interval")

PolicyOption = Annotated[str, typer.Option(help="A policy's name, or the path of a .toml file.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="Day of the assessment; default: newest data."),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]


def register(app: typer.Typer) -> None:
    app.command()(assess)
    app.command(name="runs")(list_runs)
    app.command()(verify)


def find_policy(name: str) -> PolicyFile:
    """The policy, or an exit that says what is wrong with it or which there are."""
    try:
        return get_policy(name)
    except PolicyNotFound as missing:
        fail(str(missing), Exit.NOT_FOUND)
    except PolicyInvalid as invalid:
        fail(str(invalid), Exit.REJECTED)


def day_or_default(as_of: datetime | None) -> date:
    day = as_of.date() if as_of else queries.default_as_of()
    if not queries.FIRST_DAY <= day <= queries.LAST_DAY:
        allowed = f"{queries.FIRST_DAY} to {queries.LAST_DAY}"
        raise typer.BadParameter(f"{day} is out of range: {allowed}.", param_hint="--as-of")
    return day


def assess(
    policy: PolicyOption = "kela-2017-12",
    as_of: AsOfOption = None,
    fmt: FormatOption = Format.TABLE,
    outcome: Annotated[
        list[Outcome] | None,
        typer.Option(help="Print only points with this outcome (repeatable)."),
    ] = None,
) -> None:
    """Assess every point against a policy, keep the run, and print it."""
    chosen = find_policy(policy)
    if not queries.has_network():
        fail(
            "No network is loaded. Run: palveluverkko demo, or: palveluverkko import register",
            Exit.NOT_FOUND,
        )
    run, content = runs.store_run(chosen, day_or_default(as_of))
    shown = [p for p in content["points"] if not outcome or p["outcome"] in outcome]
    if fmt is Format.JSON:
        print_json({**content, "points": shown})
        return
    print_rows(shown, POINT_COLUMNS, fmt, right=NUMBERS)
    if fmt is Format.TABLE:
        print_summary(content, run.pk)


def print_summary(content: dict[str, Any], run_id: int) -> None:
    """The few lines under the table: outcomes, policy, data and how to check."""
    out.print()
    for name, count in content["summary"].items():
        out.print(f"{count:6d}  {name}", highlight=False)
    for area in content["areas"]:
        out.print(f"        {area['outcome']}: {area['name']} ({area['level']})", highlight=False)
    out.print(
        f"\nPolicy {content['policy']} as of {content['as_of']}, data {content['data_hash'][:12]},"
        f" run {run_id}. Check it again with: palveluverkko verify {run_id}",
        highlight=False,
        soft_wrap=True,
    )
    for check in content["checks"]:
        if check["code"].startswith("policy."):
            out.print(check["text"]["en"], style="yellow", highlight=False, soft_wrap=True)
    if any(is_small(point["weekly_visits"]) for point in content["points"]):
        out.print(
            "Weekly figures below 5 can point to persons: not for publication as they stand.",
            style="yellow",
            soft_wrap=True,
        )
    if any(point["synthetic"] for point in content["points"]):
        out.print(
            "Synthetic: opening days and visits are generated, not real figures of the agency.",
            style="yellow",
            soft_wrap=True,
        )


def list_runs(fmt: FormatOption = Format.TABLE) -> None:
    """List the assessments that were kept."""
    rows = (
        {
            "run": run.pk,
            "policy": run.policy_id,
            "as_of": run.as_of.isoformat(),
            "data": run.snapshot_id[:12],
            "result": run.result_hash[:12],
            "version": run.program_version,
            "created": run.created_at.isoformat(timespec="seconds"),
        }
        for run in AssessmentRun.objects.defer("result", "policy_text")
    )
    print_rows(
        rows, ("run", "policy", "as_of", "data", "result", "version", "created"), fmt, "Runs"
    )


def verify(
    run: Annotated[int, typer.Argument(help="Number of the run, see: palveluverkko runs")],
    fmt: FormatOption = Format.TABLE,
) -> None:
    """Run a kept assessment again on its frozen data and compare the bytes."""
    stored = AssessmentRun.objects.select_related("snapshot").filter(pk=run).first()
    if stored is None:
        fail(f"There is no run {run}. See: palveluverkko runs", Exit.NOT_FOUND)
    try:
        again = runs.rerun(stored)
    except runs.SnapshotDamaged as damaged:
        fail(f"The stored data of run {run} no longer have the hash {damaged}.", Exit.DIFFERS)
    print_rows(
        [
            {
                "run": again.run_id,
                "same_bytes": again.same_bytes,
                "stored": again.stored_hash,
                "computed": again.computed_hash,
                "stored_version": again.stored_version,
                "version": again.program_version,
            }
        ],
        ("run", "same_bytes", "stored", "computed", "stored_version", "version"),
        fmt,
    )
    if not again.same_bytes:
        raise typer.Exit(Exit.DIFFERS)
