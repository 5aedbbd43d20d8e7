"""
Checks shapes against what Slack publishes: its TypeScript types, and the lengths in its Python models.

The types know names and kinds and no lengths; the models know lengths and are lenient about names.
"""

import json
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from reveal_web.browser.vendor import npm_command
from tests.bot.shapes import Shape

HERE = Path(__file__).parents[1] / "slack_types"

# `KnownBlock` and not `AnyBlock`: the latter takes every object that has a type.
_HEAD = """\
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
import type { AppsManifestValidateArguments } from "@slack/web-api";
type View = Omit<ModalView, "blocks"> & { blocks: KnownBlock[] };
type Home = Omit<HomeView, "blocks"> & { blocks: KnownBlock[] };
type Message = { text: string; blocks: KnownBlock[] };
type Manifest = Exclude<AppsManifestValidateArguments["manifest"], string>;
"""
_TYPES = {"view": "View", "home": "Home", "message": "Message", "manifest": "Manifest"}
_OPTIONS = ("--strict", "--noEmit", "--skipLibCheck", "--module", "nodenext", "--target", "es2022", "--types", "node")


def installed() -> Path:
    """The folder of Slack's types, fetched at the pinned hashes if it is not there yet."""
    modules = HERE / "node_modules"
    if not (modules / ".package-lock.json").exists():
        subprocess.run(
            [*npm_command(), "ci", "--ignore-scripts"], cwd=HERE, check=True, stdout=subprocess.DEVNULL, timeout=300
        )
    return modules


def type_errors(shapes: Iterable[Shape], folder: Path) -> list[str]:
    """What tsc says of these shapes, each error with the name of its shape.  `folder` is scratch."""
    (folder / "node_modules").symlink_to(installed())
    lines, named = _HEAD.splitlines(), {}
    for number, (name, kind, shape) in enumerate(shapes):
        lines.append(f"export const shape{number}: {_TYPES[kind]} = {json.dumps(shape)};")
        named[len(lines)] = name
    (folder / "shapes.mts").write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [str(folder / "node_modules" / ".bin" / "tsc"), *_OPTIONS, "shapes.mts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    errors = []
    for line in done.stdout.splitlines():
        place, _, said = line.partition(": ")
        at = place.partition("(")[2].partition(",")[0]
        if at.isdecimal():
            errors.append(f"{named.get(int(at), place)}: {said}")
    if done.returncode and not errors:
        errors.append(done.stdout + done.stderr)
    return errors


def length_errors(shapes: Iterable[Shape]) -> list[str]:
    """What slack_sdk's models say of these shapes."""
    errors = []
    for name, kind, shape in shapes:
        try:
            if kind in ("view", "home"):
                View(**shape).to_dict()
            elif kind == "message":
                for block in Block.parse_all(shape["blocks"]):
                    block.to_dict()
                if len(shape["blocks"]) > 50 or len(shape["text"]) > 4000:
                    errors.append(f"{name}: too long a message")
            errors += [f"{name}: {said}" for said in _long_options(shape)]
        except SlackObjectFormationError as error:
            errors.append(f"{name}: {error}")
    return errors


def _long_options(part: Any) -> Iterator[str]:
    """The models do not look into options: 75 characters of text, 150 of value (block-kit/composition-objects)."""
    if isinstance(part, dict):
        for option in part.get("options", []):
            if len(option["text"]["text"]) > 75 or len(option["value"]) > 150:
                yield "an option is too long"
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _long_options(inner)
