"""Tests that need the telephone network's programs say so where they are not installed."""

import pytest
from telephony.parts import missing

parts_needed = pytest.mark.skipif(
    bool(missing()), reason=f"not installed: {', '.join(missing())} (make telephony)"
)
