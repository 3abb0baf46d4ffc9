"""The example network in the database, for the modules that read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from palveluverkko.example.load import load_example

Stages = list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stages]:
    """The last year of the example, loaded once for the module and taken away after it."""
    stages: Stages = []
    with django_db_blocker.unblock(), transaction.atomic():
        load_example(years=1, progress=lambda *stage: stages.append(stage))
        yield stages
        transaction.set_rollback(True)
