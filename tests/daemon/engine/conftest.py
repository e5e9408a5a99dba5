"""Fixtures of the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path

# The small market of these tests is a module beside them.
sys.path.insert(0, str(Path(__file__).parent))
