"""Which lines of a target's modules an input reaches, by Python's tracing: by this a corpus is chosen and measured."""

import importlib
import inspect
import sys
from collections.abc import Iterable
from types import CodeType, FrameType
from typing import Any

from tests.fuzz.target import Target

Line = tuple[str, int]


def verdict_and_lines(target: Target, raw: bytes) -> tuple[str, frozenset[Line]]:
    """The verdict, and every line of the target's modules that led to it."""
    files = {str(inspect.getsourcefile(importlib.import_module(name))) for name in _ours(target)}
    seen: set[Line] = set()

    def in_module(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename, frame.f_lineno))
        return in_module

    def on_call(frame: FrameType, event: str, argument: Any) -> Any:
        return in_module(frame, event, argument) if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        verdict = target.judge(raw)
    finally:
        sys.settrace(before)
    return verdict, frozenset(seen)


def lines_of(target: Target) -> frozenset[Line]:
    """Every line of a function in the target's modules: what could be reached."""
    found: set[Line] = set()
    for name in _ours(target):
        path = str(inspect.getsourcefile(importlib.import_module(name)))
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - the name is what code objects carry
            whole = compile(file.read(), path, "exec")
        # A module's and a class's own lines ran when it was imported.
        for code in _inside(whole):
            if code.co_flags & inspect.CO_OPTIMIZED:
                lines = {line for _, _, line in code.co_lines() if line is not None and line != code.co_firstlineno}
                found |= {(path, line) for line in lines}
    return frozenset(found)


def _ours(target: Target) -> list[str]:
    """Not a library's, whose lines lead the fuzzer and are not worth an input each."""
    return [name for name in target.modules if not name.startswith("yaml.")]


def _inside(code: CodeType) -> Iterable[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _inside(one)
