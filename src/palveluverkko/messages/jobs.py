"""Periodic jobs: house-keeping that each app registers, run in one process at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from palveluverkko.messages.clock import clock_of
from palveluverkko.messages.models import JobRun

# After a kill a job rests as long as its lease: one that the people who wait depend on every few
# seconds must not rest for minutes, so it must bear that a second process begins it.
LONGEST_LEASE, SHORTEST_LEASE = timedelta(minutes=15), timedelta(minutes=1)

logger = logging.getLogger(__name__)
Job = Callable[[], object]


@dataclass(frozen=True)
class Periodic:
    name: str
    every: timedelta
    run: Job

    @property
    def lease(self) -> timedelta:
        return min(max(12 * self.every, SHORTEST_LEASE), LONGEST_LEASE)


_jobs: dict[str, Periodic] = {}


def periodic(*, seconds: int) -> Callable[[Job], Job]:
    """Register a job to run every ``seconds``, first soon after the start."""

    def register(job: Job) -> Job:
        name = f"{job.__module__.removeprefix('palveluverkko.')}.{job.__qualname__}"
        _jobs[name] = Periodic(name, timedelta(seconds=seconds), job)
        return job

    return register


def run_periodic(now: datetime | None = None, go_on: Callable[[], bool] = lambda: True) -> int:
    """Run each job whose time has come and that no other process is running; how many ran."""
    clock = clock_of(now)
    ran = 0
    for job in list(_jobs.values()):
        if go_on() and _claim(job, clock()):
            _run(job, clock())
            ran += 1
    return ran


def _claim(job: Periodic, at: datetime) -> bool:
    rested = Q(last_run_at=None) | Q(last_run_at__lte=at - job.every)
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    rows = JobRun.objects.filter(pk=job.name)
    if not rows.exists():
        JobRun.objects.bulk_create([JobRun(name=job.name)], ignore_conflicts=True)
    # Looked at first: the writer's lock of SQLite is not taken every few seconds for nothing.
    due = rows.filter(rested, free)
    return due.exists() and bool(due.update(lease_until=at + job.lease))


def _run(job: Periodic, at: datetime) -> None:
    error = ""
    try:
        job.run()
    except Exception as failure:  # whatever a job raises: told to people, run again next time
        logger.exception("The job %s failed", job.name)
        error = f"{type(failure).__name__}: {failure}"[:2000]
    JobRun.objects.filter(pk=job.name).update(last_run_at=at, lease_until=None, last_error=error)
