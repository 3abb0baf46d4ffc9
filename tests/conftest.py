"""Shared fixtures."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# On the second database the same properties with fewer examples: the first has had them all.
settings.register_profile("second database", settings.get_profile("default"), max_examples=30)
settings.load_profile("second database" if os.environ.get("DATABASE_URL") else "default")

# Modules that take longest begin first, so that none of them is left over for one process alone.
LONGEST = (
    "tests/booking/test_kills.py",
    "tests/browser/",
    "tests/day/",
    "tests/telephony/",
    "tests/messages/test_processes.py",
    "tests/contact/test_callback_crowds.py",
    "tests/booking/test_concurrency.py",
    "tests/example/",
    "tests/walkins/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        places = [n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start)]
        return places[0] if places else len(LONGEST)

    items.sort(key=rank)  # keeps the order within a module


@pytest.fixture(autouse=True)
def _register_read_afresh() -> None:
    """Caches go by the register's change counter, which a test's roll-back turns back."""
    from palveluverkko.booking import offerings
    from palveluverkko.network import finding
    from palveluverkko.web.portal import register

    offerings.clear_cache()
    finding.clear_cache()
    register.clear_cache()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """PostgreSQL drops no database while the queue of messages still has its line open."""
    yield
    from palveluverkko.messages.waking import close_queue

    close_queue()
