"""The desk's morning, seen from the waiting room."""

from tests.web.desk.conftest import adviser, morning

__all__ = ["adviser", "morning"]
