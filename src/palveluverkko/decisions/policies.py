"""The policy files that this installation knows: the package's own and the agency's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from palveluverkko.criteria import Policy, load_policy


class PolicyNotFound(Exception):
    """No policy of that name; carries the names that exist."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        self.wanted = wanted
        self.known = known
        super().__init__(f"No policy {wanted!r}. Known policies: {', '.join(known)}.")


@dataclass(frozen=True, slots=True)
class PolicyFile:
    policy: Policy
    text: str
    path: Path


def read_policy_file(path: Path) -> PolicyFile:
    """The policy in ``path``. Raises ``PolicyInvalid`` with all its errors."""
    text = path.read_text(encoding="utf-8")
    return PolicyFile(load_policy(text, path.name), text, path)


def policy_paths() -> dict[str, Path]:
    """Policy names with their files; an agency's file wins over the package's of that name."""
    found: dict[str, Path] = {}
    for folder in settings.POLICY_DIRS:
        if Path(folder).is_dir():
            found |= {path.stem: path for path in sorted(Path(folder).glob("*.toml"))}
    return dict(sorted(found.items()))


def get_policy(name: str) -> PolicyFile:
    """The policy called ``name``, or the file at that path when it ends in ``.toml``."""
    if name.endswith(".toml") and Path(name).is_file():
        return read_policy_file(Path(name))
    paths = policy_paths()
    if name not in paths:
        raise PolicyNotFound(name, tuple(paths))
    return read_policy_file(paths[name])


def all_policies() -> list[PolicyFile]:
    """Every known policy, by name."""
    return [read_policy_file(path) for path in policy_paths().values()]
