"""All of the control in one object: what the tests call, and what `/control/{verb}` calls for others."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from sandbox.control.clicks import Clicks
from sandbox.control.composer import Composer
from sandbox.control.forms import Forms
from sandbox.control.shortcuts import Shortcuts
from sandbox.control.trouble import Trouble
from sandbox.control.waits import Waits
from sandbox.rules import Refused


class Control(Composer, Forms, Clicks, Shortcuts, Waits, Trouble):
    """Everything that people and tests do."""


VERBS: dict[str, Callable[..., Any]] = {
    name: method
    for name, method in inspect.getmembers(Control, inspect.isfunction)
    if not name.startswith("_") and name not in ("shown", "drawn")
}


async def call(control: Control, verb: str, arguments: Any) -> Any:
    """Call one verb with named arguments. Refused: no_such_verb, wrong_arguments, and the verb's own."""
    method = VERBS.get(verb)
    if method is None:
        raise Refused("no_such_verb", f"verbs are {', '.join(sorted(VERBS))}")
    if not isinstance(arguments, dict):
        raise Refused("wrong_arguments", "arguments come as one JSON object")
    try:
        inspect.signature(method).bind(control, **arguments)
    except TypeError as wrong:
        raise Refused("wrong_arguments", f"{verb}: {wrong}") from None
    answer = method(control, **arguments)
    return await answer if inspect.isawaitable(answer) else answer
