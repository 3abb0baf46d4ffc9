"""An agency that takes calls, in a database of its own and a real ``serve``; also for benchmarks.

``python -m tests.contact.call_world ADVISERS`` builds it where the environment points, and prints
one session key an adviser.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGUAGES = ["fi", "sv", "en"]


def build(advisers: int = 1) -> list[str]:
    """Advisers who have every competence, each with a session."""
    from django.contrib.auth.models import Permission, User

    from tests.booking import world

    world.point(languages=LANGUAGES)
    keys = []
    for n in range(1, advisers + 1):
        person = world.adviser(f"Adviser {n}", languages=LANGUAGES)
        person.user = User.objects.create_user(f"adviser{n}", password="a long pass phrase")
        person.user.user_permissions.set(Permission.objects.filter(codename="change_booking"))
        person.save()
        keys.append(session_of(person.user))
    return keys


def session_of(user: Any) -> str:
    """The key of a session in which the user is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@dataclass
class Agency:
    """A running ``serve``; it can be killed and started again on the same port."""

    home: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    sessions: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    host: str = "localhost"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        program = Path(sys.executable).with_name("palveluverkko")
        command = [str(program), "serve", "--port", f"{self.port}"]
        with (self.home / "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.surroundings(), stdout=log, stderr=log, start_new_session=True
            )
        ends = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > ends or self.process.poll() is not None:
                raise RuntimeError((self.home / "serve.log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def prepare(self, advisers: int) -> None:
        command = [sys.executable, "-m", "tests.contact.call_world", str(advisers)]
        made = subprocess.run(
            command, env=self.surroundings(), capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(made.stderr)
        self.sessions = json.loads(made.stdout)

    def surroundings(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        return kept | {"PALVELUVERKKO_HOME": str(self.home)} | self.environment

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/en/call/", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def agency(home: Path, advisers: int = 1, **environment: str) -> Iterator[Agency]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = Agency(home, environment, port)
    made.prepare(advisers)
    made.start()
    try:
        yield made
    finally:
        made.kill()


if __name__ == "__main__":
    import palveluverkko.cli.django_setup  # noqa: F401  (must come before the models)

    from django.core.management import call_command  # isort: skip

    call_command("migrate", verbosity=0)
    print(json.dumps(build(int(sys.argv[1]))))
