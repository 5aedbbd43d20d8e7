"""Reading the frozen vectors, and spelling out the names of their cases."""

import json
from functools import cache
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).parents[1] / "vectors"


@cache
def vectors(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((VECTORS / f"{name}_v1.json").read_text("utf-8"))
    return loaded


def case_name(case: dict[str, Any]) -> str:
    return ascii(case["name"])
