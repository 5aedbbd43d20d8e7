"""The page that lets a stranger write a client says what the code does."""

import re
from pathlib import Path
from typing import get_args

import pytest

from store.formats import derivation_v1, header_v1
from store.formats.errors import PassphraseFault
from store.formats.header_v1 import Form
from store.words import Ask, Outcome
from tests.formats.frozen import VECTORS, vectors

PAGE = (VECTORS.parents[1] / "docs" / "protocol.md").read_text("utf-8")


def test_worked_example_is_a_vector() -> None:
    """Every value of the worked example is the value of the first good drop."""
    case = vectors("drop")["good"][0]
    block = PAGE.split("## 15. A worked example")[1].split("```")[1]
    shown = dict(line.split(maxsplit=1) for line in block.strip().splitlines())
    assert shown.pop("link").endswith(f"/s/{case['id_text']}#{case['fragment']}")
    assert shown.pop("typed").startswith(case["typed"])
    version, sealed = re.fullmatch(r"(\w+) ‖ nonce ‖ commit ‖ (\w+)….*", shown.pop("envelope")).groups()  # type: ignore[union-attr]
    assert case["envelope"].startswith(version + case["nonce"] + case["commit"] + sealed)
    assert len(shown) == 14
    assert shown == {name: case[name] for name in shown}


@pytest.mark.parametrize("word", [*get_args(PassphraseFault), *get_args(Form), *Outcome, *Ask])
def test_every_word_is_explained(word: str) -> None:
    """Every reason, form, outcome and request that a client meets stands on the page."""
    assert f"`{word}`" in PAGE


def test_costs_and_sizes_are_the_real_ones() -> None:
    """The costs of Argon2id and the size of a header stand on the page as they are in the code."""
    costs = (derivation_v1.ARGON2_MEMORY_KIB, derivation_v1.ARGON2_PASSES, derivation_v1.ARGON2_LANES)
    assert "m = {} KiB, t = {}, p = {},".format(*costs) in PAGE
    assert f"at most {header_v1.MAX_BYTES} bytes" in PAGE


def test_every_vector_file_is_listed() -> None:
    """Every frozen file is on the page's list of vectors."""
    listed = set(re.findall(r"`(\w+\.json)`", PAGE.split("## 14. Vectors")[1]))
    assert listed == {path.name for path in Path(VECTORS).glob("*.json")}
