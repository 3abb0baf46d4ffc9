"""A database of its own for tests that start programs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import connection

from tests.booking.programs import migrate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, because it takes seconds."""
    return migrate(tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def home(transactional_db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Where a program keeps its files, with an empty database."""
    if connection.vendor == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path)
    return tmp_path
