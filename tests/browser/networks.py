"""A customer's machine with a network of its own: two ways to the agency, of which one is up.

A network namespace with two virtual cables, so that an address can really go away. Needs root.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

AGENCY, HERE, ELSEWHERE = "10.213.1.1", "10.213.1.2", "10.213.2.2"
OTHER_END = "10.213.2.1"


@dataclass(frozen=True)
class Customer:
    """``chromium`` starts a browser that has only the customer's network."""

    name: str
    chromium: Path

    def move(self) -> None:
        """From one network to another: the old address is gone, and all that went through it."""
        self.inside("addr flush dev near")
        self.inside("link set near down")
        self.inside("link set far up")
        self.inside(f"route add default via {OTHER_END}")

    def block_udp(self) -> None:
        self.inside("rule add pref 1 ipproto udp blackhole")

    def inside(self, command: str) -> None:
        _ip(f"-n {self.name} {command}")


@contextmanager
def another_machine(home: Path, chromium: str) -> Iterator[Customer]:
    name = f"customer{os.getpid()}"
    if shutil.which("ip") is None or os.geteuid() != 0 or not _try(f"netns add {name}"):
        pytest.skip("network namespaces cannot be made here: it takes root and iproute2")
    starter = home / "chromium"
    starter.write_text(f'#!/bin/sh\nexec ip netns exec {name} {chromium} "$@"\n')
    starter.chmod(starter.stat().st_mode | stat.S_IXUSR)
    made = Customer(name, starter)
    try:
        made.inside("link set lo up")
        _cable(made, "near", AGENCY, HERE)
        _cable(made, "far", OTHER_END, ELSEWHERE)
        made.inside("link set near up")
        made.inside(f"route add default via {AGENCY}")
        yield made
    finally:
        _ip(f"netns del {name}")


def _cable(customer: Customer, end: str, agency: str, address: str) -> None:
    outside = f"{end[0]}{os.getpid()}"
    _ip(f"link add {outside} type veth peer name {end} netns {customer.name}")
    _ip(f"addr add {agency}/24 dev {outside}")
    _ip(f"link set {outside} up")
    customer.inside(f"addr add {address}/24 dev {end}")


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True, capture_output=True)


def _try(command: str) -> bool:
    return (
        subprocess.run(["ip", *command.split()], capture_output=True, check=False).returncode == 0
    )
