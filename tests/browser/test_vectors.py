"""The frozen vectors of format v1, run by the page's own code in Chromium."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

VECTORS = Path(__file__).parents[1] / "vectors"
pytestmark = pytest.mark.asyncio(loop_scope="session")


def vectors(name: str) -> Any:
    """The frozen cases of one format."""
    return json.loads((VECTORS / f"{name}_v1.json").read_text("utf-8"))


async def run(page: Page, name: str, cases: list[Any]) -> list[dict[str, Any]]:
    """The answer of `formats[name]` to each case, in order."""
    every = """async ([name, cases]) => {
        const answers = [];
        for (const each of cases) answers.push(await formats[name](each));
        return answers;
    }"""
    answers: list[dict[str, Any]] = await page.evaluate(every, [name, cases])
    assert len(answers) == len(cases) > 0
    return answers


async def test_base64url_has_one_text_for_each_byte_string(formats: Page) -> None:
    """Canonical texts decode and encode to themselves; every other text is refused."""
    cases = vectors("base64url")
    good = await run(formats, "base64url", [case["text"] for case in cases["good"]])
    assert good == [{"hex": case["hex"], "text": case["text"]} for case in cases["good"]]
    bad = [case["text"] for case in cases["bad"]]
    for text, answer in zip(bad, await run(formats, "base64url", bad), strict=True):
        assert answer.get("refused") == "malformed", text


async def test_links_are_whole_cut_or_malformed(formats: Page) -> None:
    """A whole link gives its parts and its proof, and is written again alike; any other is refused by kind."""
    cases = vectors("link")
    for case, answer in zip(cases["good"], await run(formats, "link", cases["good"]), strict=True):
        assert answer == {name: case[name] for name in ("id", "key", "mode", "link_proof", "fragment")}
    for case, answer in zip(cases["bad"], await run(formats, "link", cases["bad"]), strict=True):
        assert answer.get("refused") == case["expect"], case["name"]


async def test_passphrases_are_spelled_as_everywhere_else(formats: Page) -> None:
    """What was typed becomes the vector's bytes, or is refused for the vector's reason."""
    cases = vectors("passphrase")["cases"]
    assert len(cases) >= 150
    for case, answer in zip(cases, await run(formats, "canon", cases), strict=True):
        expected = {"hex": case["hex"]} if "hex" in case else {"refused": "unusable", "reason": case["refuse"]}
        assert answer == expected, case["name"]


async def test_sealed_drops_open(formats: Page) -> None:
    """Each good drop opens to its content by way of exactly the vector's intermediate values."""
    cases = vectors("drop")["good"]
    names = {
        "link_proof": "linkProof",
        "salt": "argonSalt",
        "stretched": "stretched",
        "enc_key": "encKey",
        "auth_token": "authToken",
        "commit": "commit",
    }
    for case, answer in zip(cases, await run(formats, "open", cases), strict=True):
        expected = {theirs: case[ours] for ours, theirs in names.items()}
        assert answer == {"content": case["content"], **expected}, case["name"]


async def test_sealing_again_gives_the_same_bytes(formats: Page) -> None:
    """With the vector's nonce the page seals to the vector's envelope, wherever it spells the head alike."""
    cases = vectors("drop")["good"]
    alike = 0
    for case, answer in zip(cases, await run(formats, "sealAgain", cases), strict=True):
        # A head made by a stranger may be spelled otherwise and still be good; then only opening is promised.
        if answer["payload"] != case["payload"]:
            assert case["name"] == "head by a stranger"
            continue
        assert answer["envelope"] == case["envelope"], case["name"]
        alike += 1
    assert alike >= len(cases) - 1


async def test_damaged_drops_are_refused_by_kind(formats: Page) -> None:
    """Each bad drop fails at its header or as damaged, never opens, and never fails in another way."""
    cases = vectors("drop")["bad"]
    for case, answer in zip(cases, await run(formats, "open", cases), strict=True):
        assert answer.get("refused") == case["expect"], case["name"]
