"""Assessments that are kept: frozen data, policy text and the result's bytes, to be run again."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from zipfile import BadZipFile

from django.contrib.auth.models import User
from django.db import transaction

from palveluverkko.criteria import assess, load_policy
from palveluverkko.decisions.document import document, to_bytes
from palveluverkko.decisions.models import AssessmentRun, FrozenSnapshot
from palveluverkko.decisions.policies import PolicyFile
from palveluverkko.decisions.program import program_mark
from palveluverkko.decisions.snapshots import build_snapshot
from palveluverkko.snapshot import freeze
from palveluverkko.snapshot.model import Snapshot


class SnapshotDamaged(Exception):
    """The stored data no longer have the hash under which they were frozen."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """What running an old assessment again gave."""

    run_id: int
    same_bytes: bool
    stored_hash: str
    computed_hash: str
    stored_version: str
    program_version: str


def compute(policy: PolicyFile, as_of: date) -> tuple[Snapshot, dict[str, Any]]:
    """The assessment of ``as_of`` by ``policy`` from the database as it is; stores nothing."""
    snapshot = build_snapshot(as_of)
    content = document(assess(policy.policy, snapshot), snapshot, freeze.data_hash(snapshot))
    return snapshot, content


@transaction.atomic
def store_run(
    policy: PolicyFile, as_of: date, by: User | None = None
) -> tuple[AssessmentRun, dict[str, Any]]:
    """Assess and keep it. The same data, policy and program version give one run, not two."""
    snapshot, content = compute(policy, as_of)
    frozen, _ = FrozenSnapshot.objects.get_or_create(
        data_hash=content["data_hash"],
        defaults={"as_of": as_of, "content": freeze.to_bytes(snapshot)},
    )
    result = to_bytes(content)
    run, _ = AssessmentRun.objects.get_or_create(
        snapshot=frozen,
        policy_hash=content["policy_hash"],
        program_version=program_mark(),
        defaults={
            "policy_id": content["policy"],
            "policy_text": policy.text,
            "as_of": as_of,
            "result": result,
            "result_hash": hashlib.sha256(result).hexdigest(),
            "created_by": by,
        },
    )
    return run, content


def rerun(run: AssessmentRun) -> Rerun:
    """Assess the frozen data again under the stored policy text and compare the bytes.

    Raises :class:`SnapshotDamaged` when the stored data do not have their hash any more.
    """
    stored = bytes(run.snapshot.content)
    try:
        whole = freeze.stored_hash(stored) == run.snapshot_id
    except (BadZipFile, EOFError, KeyError, OSError, ValueError, zlib.error) as error:
        raise SnapshotDamaged(run.snapshot_id) from error
    if not whole:
        raise SnapshotDamaged(run.snapshot_id)
    snapshot = freeze.from_bytes(stored)
    policy = load_policy(run.policy_text, f"run {run.pk}")
    result = to_bytes(document(assess(policy, snapshot), snapshot, run.snapshot_id))
    return Rerun(
        run_id=run.pk,
        same_bytes=result == bytes(run.result),
        stored_hash=run.result_hash,
        computed_hash=hashlib.sha256(result).hexdigest(),
        stored_version=run.program_version,
        program_version=program_mark(),
    )
