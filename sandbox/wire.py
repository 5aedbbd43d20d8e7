"""The shape of everything that travels: JSON objects, as Python reads them."""

from __future__ import annotations

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
