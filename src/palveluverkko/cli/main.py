"""The command ``palveluverkko``."""

from __future__ import annotations

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
    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the commands)
    from palveluverkko.cli import (
        assessing,
        exchanging,
        looking,
        running,
    )

    for module in (exchanging, assessing, looking, running):
        module.register(app)
    app()
