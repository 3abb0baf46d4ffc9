"""Periodic jobs run at their times, in one place, and one that fails does not stop the others."""

from datetime import timedelta

import pytest

from palveluverkko.messages import jobs
from palveluverkko.messages.jobs import periodic, run_periodic
from palveluverkko.messages.models import JobRun
from tests.messages.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_jobs", {})


def test_a_job_runs_at_the_start_and_then_in_its_rhythm() -> None:
    ran: list[int] = []
    periodic(seconds=60)(lambda: ran.append(1))
    assert [run_periodic(NOW + timedelta(seconds=s)) for s in (0, 30, 59, 60, 61, 200)] == [
        1, 0, 0, 1, 0, 1,
    ]  # fmt: skip
    assert len(ran) == 3


def test_while_one_process_runs_it_no_other_does() -> None:
    inner: list[int] = []

    @periodic(seconds=60)
    def slow() -> None:
        inner.append(run_periodic(NOW + timedelta(minutes=5)))

    assert run_periodic(NOW) == 1
    assert inner == [0]


@pytest.mark.parametrize(("every", "rests"), [(5, 60), (30, 360), (3600, 900)])
def test_after_a_kill_the_job_runs_again_when_its_lease_has_ended(every: int, rests: int) -> None:
    """Those who wait for an adviser are looked after within a minute."""

    @periodic(seconds=every)
    def killed() -> None:
        if not deaths:
            deaths.append(1)
            raise SystemExit

    deaths: list[int] = []
    with pytest.raises(SystemExit):
        run_periodic(NOW)
    assert run_periodic(NOW + timedelta(seconds=rests - 1)) == 0
    assert run_periodic(NOW + timedelta(seconds=rests)) == 1


def test_a_failing_job_is_told_and_does_not_stop_the_next() -> None:
    ran: list[int] = []

    @periodic(seconds=60)
    def broken() -> None:
        raise RuntimeError("no network")

    periodic(seconds=60)(lambda: ran.append(1))
    assert run_periodic(NOW) == 2
    assert ran == [1]
    assert JobRun.objects.exclude(last_error="").get().last_error == "RuntimeError: no network"
