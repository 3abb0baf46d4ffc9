"""The command ``palveluverkko``."""

from __future__ import annotations

import sys

import typer

from palveluverkko import __version__

app = typer.Typer(
    help="Plan and run a public agency's service network.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_show_locals=False,
)


def _version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and stop."
    ),
) -> None:
    """Plan and run a public agency's service network."""


def main() -> None:
    """Entry point of the installed command."""
    from django.db import DatabaseError

    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the commands)
    from palveluverkko.cli import (
        assessing,
        booking,
        exchanging,
        looking,
        running,
    )

    for module in (exchanging, assessing, looking, booking, running):
        module.register(app)
    try:
        app()
    except DatabaseError:
        explain_missing_tables()
        raise


def explain_missing_tables() -> None:
    """Exit with what to do where the database is empty; return where it is not.

    The embedded database lies below the folder of the call, so that the same command in another
    folder meets another, empty one.
    """
    from django.db import DatabaseError, connection

    from palveluverkko.cli.output import Exit, err

    try:
        tables = connection.introspection.table_names()
    except DatabaseError:
        return
    if "network_servicepoint" in tables:
        return
    err.print(
        f"The database {connection.settings_dict['NAME']} has no tables. Run: palveluverkko demo,"
        " or: palveluverkko migrate. To use another database, set PALVELUVERKKO_HOME to its folder,"
        " or DATABASE_URL.",
        style="bold red",
        markup=False,
        highlight=False,
    )
    sys.exit(Exit.NOT_FOUND)
