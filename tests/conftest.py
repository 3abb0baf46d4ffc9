"""Shared fixtures."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("default")


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
