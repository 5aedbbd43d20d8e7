"""
Pins every dependency, with the hashes of all its files, into deploy/locks.

`make lock` keeps what is pinned and adds what is missing; `make lock ARGS=--upgrade` takes the newest that
pyproject.toml allows.  Resolved for every platform and every Python from 3.11 on, by uv in an environment of its own,
which is thrown away: the tool that pins is no dependency of what is pinned.
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
LOCKS: Final = ROOT / "deploy" / "locks"
_HEAD: Final = "# Made by `make lock`; not to be edited.  {what}.\n"
_WHAT: Final = {
    "build": "What builds the wheel",
    "product": "What the programs import",
    "development": "What the programs import, and what tests and checks need beside",
    "fuzz": "What the programs import, at the same versions, and the fuzzer of `make fuzz`",
}


def compile_all(uv: Path, *more: str) -> None:
    """Make the four files anew.  Raises CalledProcessError when nothing satisfies pyproject.toml."""
    project = str(ROOT / "pyproject.toml")
    build = tomllib.loads(Path(project).read_text())["build-system"]["requires"]
    _compile(uv, "build", ["-", *more], "\n".join(build))
    _compile(uv, "product", [project, *more])
    _compile(uv, "development", [project, "--extra", "dev", *more])
    # What is fuzzed is what is shipped.
    _compile(uv, "fuzz", [project, "--extra", "fuzz", "--constraint", str(LOCKS / "product.txt"), *more])


def _compile(uv: Path, name: str, arguments: list[str], given: str = "") -> None:
    path = LOCKS / f"{name}.txt"
    # Neither the index nor the path of anybody's checkout stands in the file: the same command, the same bytes.
    shape = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]
    command = [str(uv), "pip", "compile", *shape, *arguments, "--output-file", str(path)]
    subprocess.run(command, input=given, text=True, check=True, cwd=ROOT)  # noqa: S603 - a fixed command, no shell
    path.write_text(_HEAD.format(what=_WHAT[name]) + path.read_text().removeprefix(_HEAD.format(what=_WHAT[name])))


def main() -> None:
    """Fetch the tool, pin, and forget the tool."""
    with tempfile.TemporaryDirectory() as scratch:
        for words in (["venv", scratch], ["pip", "--python", scratch, "install", "--quiet", "uv"]):
            subprocess.run([sys.executable, "-m", *words], check=True)  # noqa: S603 - fixed words
        compile_all(Path(scratch) / "bin" / "uv", *sys.argv[1:])


if __name__ == "__main__":
    main()
