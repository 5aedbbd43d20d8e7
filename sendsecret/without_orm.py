"""
Running without SQLAlchemy's ORM, which nothing here uses: a third of what SQLAlchemy takes, in time and memory.

Its package for asyncio imports the ORM for the sake of sessions.  Here that package begins with what is used of it, and
becomes whole when anything else of it is asked for.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Final

_PACKAGE: Final = "sqlalchemy.ext.asyncio"
_PARTS: Final = ("base", "engine", "exc", "result")
_USED: Final = ("AsyncConnection", "create_async_engine")


class _InPart:
    """Leaves the package's own code for later, and perhaps for never."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole

    def create_module(self, spec: ModuleSpec) -> None:
        """An ordinary one."""

    def exec_module(self, module: ModuleType) -> None:
        """Nothing but the way to what it has."""

        def found(name: str) -> Any:
            if name in _USED:
                return getattr(import_module(f"{_PACKAGE}.engine"), name)
            if name.startswith("__") or name in _PARTS:  # a part is imported by whoever hears that it is not there
                raise AttributeError(name)
            del module.__dict__["__getattr__"]
            self._whole.exec_module(module)
            return getattr(module, name)

        module.__dict__["__getattr__"] = found


class _Finder:
    """Finds that one package."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As the usual finder does, and then in part."""
        if fullname != _PACKAGE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _InPart(spec.loader)  # type: ignore[assignment]  # has what one needs
        return spec


def run_without_orm() -> None:
    """From now on in this process; where the package is imported by now, nothing changes."""
    sys.meta_path.insert(0, _Finder())
