"""``migrate``, ``user``, ``serve``, ``worker``, ``tick``, ``demo``: start things."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from palveluverkko.booking.models import Resource
from palveluverkko.booking.roles import Role, give_role
from palveluverkko.cli.assessing import assess
from palveluverkko.cli.booking import show_new_logins
from palveluverkko.cli.output import Exit, Format, err, fail, print_json, progress
from palveluverkko.decisions import queries
from palveluverkko.example.load import load_example
from palveluverkko.example.logins import make_logins
from palveluverkko.example.serving import is_example_loaded, load_serving
from palveluverkko.messages import adapters
from palveluverkko.messages.background import Background
from palveluverkko.messages.background import tick as run_once

SERVER_PATIENCE_SECONDS = 5  # for a message on its way when the server stops
WORKER_PATIENCE_SECONDS = 60
EVERY_ADDRESS = ("0.0.0.0", "::")  # listened on, never linked to

HostOption = Annotated[str, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)]


def register(app: typer.Typer) -> None:
    app.command()(migrate)
    app.command()(user)
    app.command()(serve)
    app.command()(worker)
    app.command()(tick)
    app.command()(demo)


def migrate() -> None:
    """Create or update the database's tables."""
    call_command("migrate", verbosity=0, interactive=False)


def user(
    name: Annotated[str, typer.Argument(help="User name of a member of staff")],
    admin: Annotated[bool, typer.Option(help="May edit everything, users too.")] = False,
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.PLANNER,
    serves_as: Annotated[
        str, typer.Option("--serves-as", help="Name of the adviser on the roster this person is.")
    ] = "",
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
    person = _on_the_roster(serves_as) if serves_as else None
    make = users.create_superuser if admin else users.create_user
    # Staff may open the register's pages; who may log in is the administrator's.
    staff = admin or role in (Role.PLANNER, Role.MANAGER)
    made = make(username=name, password=password, is_staff=staff)
    if not admin:
        give_role(made, role)
    if person is not None:
        person.user = made
        person.save(update_fields=["user"])


def _on_the_roster(name: str) -> Resource:
    """The adviser of that name who is nobody's yet; the command ends where there is not one."""
    found = Resource.objects.filter(kind=Resource.Kind.ADVISER, name=name, user=None)
    if found.count() != 1:
        fail(
            f"{found.count()} advisers without a log-in are called {name!r}: give the name of one.",
            Exit.NOT_FOUND,
        )
    return found.get()


def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    workers: Annotated[
        bool | None,
        typer.Option(
            "--workers/--no-workers",
            help="Do background work in this process (default: only with SQLite).",
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(help="Processes that answer; several need REDIS_URL.", min=1, max=64)
    ] = 1,
) -> None:
    """Serve the pages and the programming interface."""
    if processes > 1 and not settings.REDIS_URL:
        fail(
            "Pages of calls in different processes hear each other through Redis only: "
            "set REDIS_URL, or serve with --processes 1.",
            Exit.REJECTED,
        )
    migrate()
    _lead_links_here(host, port)
    inside = connection.vendor == "sqlite" if workers is None else workers
    threading.Thread(target=_first_report, daemon=True).start()
    err.print(f"Serving on http://{host}:{port} (stop with Ctrl-C)", highlight=False)
    if not inside:
        err.print("Messages and reminders go out when this runs as well: palveluverkko worker")
        _run_server(host, port, processes)
        return
    _refuse_wrong_settings()
    err.print("Messages and reminders are sent by this process.")
    # uvicorn sends itself the signal again when it has stopped; unhandled, SIGTERM would end the
    # process before the threads are told.
    signal.signal(signal.SIGTERM, _exit)
    # With several processes this one answers nothing, and is the one that works in the background.
    with _background(SERVER_PATIENCE_SECONDS):
        _run_server(host, port, processes)


def _lead_links_here(host: str, port: int) -> None:
    """Links in messages open this server, on whatever port, unless ``PUBLIC_URL`` says better."""
    if not os.environ.get("PUBLIC_URL"):
        reached_at = "127.0.0.1" if host in EVERY_ADDRESS else host
        settings.PUBLIC_URL = f"http://{reached_at}:{port}"
        os.environ["PUBLIC_URL"] = settings.PUBLIC_URL  # for the processes that this one starts


def worker(
    threads: Annotated[
        int, typer.Option(help="Messages sent at the same time.", min=1, max=64)
    ] = 2,
) -> None:
    """Send messages and keep promises until stopped; several may run at once."""
    _refuse_wrong_settings()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _background(WORKER_PATIENCE_SECONDS, threads):
        err.print("Sending messages and keeping promises (stop with Ctrl-C)")
        stop.wait()


def tick(
    fmt: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
) -> None:
    """Do once everything that is due: jobs, promises, messages. For timers and for looking."""
    _refuse_wrong_settings()
    done = run_once()
    if fmt is Format.JSON:
        print_json({"jobs": done.jobs, "promises": done.promises, "messages": done.messages})
    else:
        err.print(
            f"Jobs run: {done.jobs}. Promises kept: {done.promises}."
            f" Messages attempted: {done.messages}.",
            highlight=False,
        )


def _run_server(host: str, port: int, processes: int) -> None:
    uvicorn.run(
        "palveluverkko.config.asgi:application",
        host=host,
        port=port,
        workers=processes,
        lifespan="off",
        # Signalling: its own check refuses more than 64 kB with an answer; this bounds the memory.
        # Compression would cost each waiting page more memory than its few words are worth.
        ws_max_size=256 * 1024,
        ws_per_message_deflate=False,
        log_level="warning",
    )


def _refuse_wrong_settings() -> None:
    """Better no worker than one that fails on every message."""
    if wrong := adapters.problems():
        fail("\n".join(wrong), Exit.REJECTED)


@contextmanager
def _background(patience_seconds: float, threads: int = 1) -> Iterator[None]:
    """Background threads while the block runs; a message on its way may arrive at the end."""
    background = Background(threads)
    background.start()
    try:
        yield
    finally:
        background.stop(patience_seconds)


def _exit(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def _first_report() -> None:
    """Compute the report that the first reader will ask for."""
    if queries.has_network():
        queries.report()
    connection.close()


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
    if is_example_loaded():
        with progress("Making the example bookable") as update:
            load_serving(progress=lambda stage, done, total: update(done, total, stage))
        show_new_logins(make_logins())
    assess(fmt=fmt)
    if run_server:
        serve(host, port)
