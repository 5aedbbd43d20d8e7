"""Joins small ES modules into one script, so that one integrity hash covers everything that runs.

A module imported by another module carries no `integrity` attribute, and an inline import map would need
`script-src 'unsafe-inline'`; a page that promises subresource integrity therefore loads one file.
Each module becomes a function that is called once and returns its exports; nothing is renamed or minified, so
that what the browser shows is what a reviewer reads. Understands only the import and export forms used here and
refuses everything else by file and line. Knows no file system: the caller supplies the sources.
"""

import re
from collections.abc import Callable

_IMPORT = re.compile(
    r'^import\s+(?:\*\s+as\s+(?P<all>\w+)|\{(?P<names>[^}]*)\})\s+from\s+"(?P<path>[^"]+)";$', re.MULTILINE
)
_DECLARED = re.compile(
    r"^export (?=(?:async )?(?:function|const|class)\b)(?:async )?\w+\*? (?P<name>\w+)", re.MULTILINE
)
_LISTED = re.compile(r"^export \{(?P<names>[^}]*)\};$", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


class UnsupportedModuleError(ValueError):
    """A module uses an import or export form that this joiner does not speak, or imports in a circle."""


def one_script(entry: str, source_of: Callable[[str], str]) -> str:
    """Return one strict-mode script that runs `entry` after everything it imports, each module once.

    `source_of` maps a bare file name ("link_v1.js") to its text; import paths must be "./name".
    Raises UnsupportedModuleError.
    """
    finished: dict[str, str] = {}
    parts: list[str] = []

    def place(name: str, waiting: tuple[str, ...]) -> str:
        if name in waiting:
            raise UnsupportedModuleError(f"{name} imports itself by way of {' -> '.join(waiting)}")
        if name not in finished:
            source = source_of(name)
            variable = f"module_{re.sub(r'[^A-Za-z0-9]', '_', name.removesuffix('.js'))}"

            def bind(found: re.Match[str]) -> str:
                origin = place(_file(found["path"], name), (*waiting, name))
                return f"const {found['all'] or _destructured(found['names'])} = {origin};"

            body = _IMPORT.sub(bind, source)
            body, exports = _without_exports(body)
            left = _LEFT_OVER.search(body)
            if left:
                raise UnsupportedModuleError(f"{name}: cannot join {left.group(0)[:80]!r}")
            parts.append(
                f"// ---- {name}\nconst {variable} = (() => {{\n{body.strip()}\nreturn {{ {exports} }};\n}})();\n"
            )
            finished[name] = variable
        return finished[name]

    place(entry, ())
    # One enclosing function keeps the names out of the global scope when the result runs as a classic script.
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def _file(path: str, importer: str) -> str:
    if not re.fullmatch(r"\./[\w.-]+\.js", path):
        raise UnsupportedModuleError(f'{importer}: import paths are "./name.js", not {path!r}')
    return path[2:]


def _pairs(names: str) -> list[tuple[str, str]]:
    found = []
    for item in filter(None, (part.strip() for part in names.split(","))):
        outer, _, inner = item.partition(" as ")
        found.append((outer.strip(), inner.strip() or outer.strip()))
    return found


def _destructured(names: str) -> str:
    parts = [theirs if theirs == ours else f"{theirs}: {ours}" for theirs, ours in _pairs(names)]
    return "{ " + ", ".join(parts) + " }"


def _without_exports(body: str) -> tuple[str, str]:
    names = [match["name"] for match in _DECLARED.finditer(body)]
    body = _DECLARED.sub(lambda match: match.group(0).removeprefix("export "), body)
    for match in _LISTED.finditer(body):
        names += [ours if ours == theirs else f"{theirs}: {ours}" for ours, theirs in _pairs(match["names"])]
    return _LISTED.sub("", body), ", ".join(names)
