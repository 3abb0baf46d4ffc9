"""How long an assessment takes, from the database and at 1×, 10×, 100× the network's size.

    python -m benchmarks.assess database      # the network in DATABASE_URL / var
    python -m benchmarks.assess growth        # generated networks in memory, one process each

Times are wall-clock seconds after imports; memory is the peak resident size of the process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

POLICY = "kela-2017-12"


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def from_database() -> dict[str, float]:
    """Snapshot from the database, assessment, hash and document: what a planner waits for."""
    import palveluverkko.cli.django_setup  # noqa: F401
    from palveluverkko.criteria import assess
    from palveluverkko.decisions import queries
    from palveluverkko.decisions.document import document, to_bytes
    from palveluverkko.decisions.policies import get_policy
    from palveluverkko.decisions.snapshots import build_snapshot
    from palveluverkko.snapshot.freeze import data_hash

    policy, as_of = get_policy(POLICY).policy, queries.default_as_of()
    begin = time.perf_counter()
    snapshot = build_snapshot(as_of)
    loaded = time.perf_counter()
    assessment = assess(policy, snapshot)
    assessed = time.perf_counter()
    size = len(to_bytes(document(assessment, snapshot, data_hash(snapshot))))
    done = time.perf_counter()
    return {
        "points": len(snapshot.points),
        "areas": len(snapshot.areas),
        "weeks": snapshot.demand.visits.shape[1],
        "load_s": round(loaded - begin, 3),
        "assess_s": round(assessed - loaded, 3),
        "document_s": round(done - assessed, 3),
        "total_s": round(done - begin, 3),
        "document_kb": size // 1024,
        "peak_mb": round(peak_mb()),
    }


def grown(factor: int) -> dict[str, float]:
    """The assessment alone on a generated network ``factor`` times the example's size."""
    import palveluverkko.cli.django_setup  # noqa: F401
    from benchmarks.networks import scaled_snapshot
    from palveluverkko.criteria import assess
    from palveluverkko.decisions.policies import get_policy

    policy = get_policy(POLICY).policy
    snapshot = scaled_snapshot(factor)
    made = peak_mb()
    begin = time.perf_counter()
    assess(policy, snapshot)
    return {
        "factor": factor,
        "points": len(snapshot.points),
        "areas": len(snapshot.areas),
        "assess_s": round(time.perf_counter() - begin, 2),
        "snapshot_mb": round(made),
        "peak_mb": round(peak_mb()),
    }


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "database"
    if what == "database":
        print(json.dumps(from_database()))
    elif what == "growth":
        for factor in (1, 10, 100):
            command = [sys.executable, "-m", "benchmarks.assess", str(factor)]
            subprocess.run(command, check=True)
    else:
        print(json.dumps(grown(int(what))))


if __name__ == "__main__":
    main()
