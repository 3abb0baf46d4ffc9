"""``migrate``, ``user``, ``serve``, ``demo``: start things."""

from __future__ import annotations

import threading
import time
from typing import Annotated

import typer
import uvicorn
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from palveluverkko.cli.assessing import assess
from palveluverkko.cli.output import Exit, Format, err, fail, progress
from palveluverkko.decisions import queries
from palveluverkko.demand.services import finish_weeks
from palveluverkko.example.load import load_example

TICK_SECONDS = 3600

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(user)
    app.command()(serve)
    app.command()(demo)


def migrate() -> None:
    """Create or update the database's tables."""
    call_command("migrate", verbosity=0, interactive=False)


def user(
    name: Annotated[str, typer.Argument(help="User name of a member of staff")],
    admin: Annotated[bool, typer.Option(help="May edit everything, users too.")] = False,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)
    ] = "",
) -> None:
    """Add a person who may log in and edit."""
    user_model = get_user_model()
    users = user_model.objects
    if users.filter(username=name).exists():
        fail(f"There is a user {name!r} already.", Exit.REJECTED)
    with translation.override("en"):
        try:
            candidate = user_model(username=name)
            candidate.clean_fields(exclude=["password"])
            validate_password(password, candidate)
        except ValidationError as refused:
            fail("\n".join(refused.messages), Exit.REJECTED)
    make = users.create_superuser if admin else users.create_user
    made = make(username=name, password=password, is_staff=True)
    if not admin:
        # A planner edits the register and its counts; who may log in is the administrator's.
        rights = Permission.objects.filter(content_type__app_label__in=("network", "demand"))
        made.user_permissions.set(rights)


def serve(host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Serve the pages and the programming interface."""
    migrate()
    threading.Thread(target=_background, daemon=True).start()
    err.print(f"Serving on http://{host}:{port} (stop with Ctrl-C)", highlight=False)
    uvicorn.run(
        "palveluverkko.config.asgi:application",
        host=host,
        port=port,
        lifespan="off",
        log_level="warning",
    )


def _background() -> None:
    """Compute the report that the first reader will ask for; then, hour by hour, finish weeks.

    The embedded default has no other timer. Two processes doing it at once do no harm: a week is
    made from its days again, with the same result.
    """
    if queries.has_network():
        queries.report()
    while True:
        finish_weeks()
        connection.close()
        time.sleep(TICK_SECONDS)


def demo(
    run_server: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the pages afterwards.")
    ] = True,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    fmt: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """Load the example network (Kela, June 2018), print its assessment, and serve it."""
    migrate()
    if queries.has_network():
        err.print("A network is loaded already; it is left as it is.")
    else:
        with progress("Loading the example network") as update:
            load_example(progress=lambda stage, done, total: update(done, total, stage))
    assess(fmt=fmt)
    if run_server:
        serve(host, port)
