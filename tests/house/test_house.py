"""The project's own rules, as tests."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from bot.settings import BotSettings
from reveal_web.settings import WebSettings
from tests.mutants import MUTANTS

ROOT = Path(__file__).parent.parent.parent
OWN = ("store", "bot", "reveal_web", "sendsecret", "sandbox", "tests", "deploy", "bench", ".ci")
CODE = {".py", ".js", ".css", ".html", ".mako", ".mts"}
MOST_LINES = 300
INTERNAL = {"demo"}  # set by `sendsecret demo` alone


def files() -> list[Path]:
    """Every file of the project: what git tracks or would."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]
    return [path for name in OWN for path in (ROOT / name).rglob("*") if path.is_file()]


def code() -> list[Path]:
    return [path for path in files() if path.suffix in CODE and "vendor" not in path.parts]


def test_no_file_is_over_three_hundred_lines() -> None:
    """One idea a file."""
    long = {str(path.relative_to(ROOT)): n for path in code() if (n := len(path.read_text().splitlines())) > MOST_LINES}
    assert long == {}


def test_the_reader_stays_small_enough_to_read() -> None:
    """What faces the internet stays under 800 lines of Python."""
    lines = sum(len(path.read_text().splitlines()) for path in (ROOT / "reveal_web" / "reader").rglob("*.py"))
    assert 0 < lines < 800


def test_every_setting_is_in_the_readme() -> None:
    """And every name in the README's table is a setting."""
    names = {name.upper() for kind in (BotSettings, WebSettings) for name in kind.model_fields if name not in INTERNAL}
    table = (ROOT / "README.md").read_text().split("## Settings")[1].split("\n## ")[0]
    listed = {
        name
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    assert listed == names


def test_every_test_says_what_it_promises() -> None:
    """A test's docstring is one sentence for whoever meets it red."""
    silent = []
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.name.startswith("test_"):
                continue
            if ast.get_docstring(node) is None:
                silent.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert silent == []


def test_every_module_says_what_it_is() -> None:
    """Each module of the product opens with what it promises."""
    silent = [
        str(path.relative_to(ROOT))
        for path in code()
        if path.suffix == ".py" and path.read_text().strip() and ast.get_docstring(ast.parse(path.read_text())) is None
    ]
    assert silent == []


def test_the_map_shows_every_folder_and_module() -> None:
    """docs/architecture.md names each package of the product and each of its modules."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    missing = []
    for package in ("store", "bot", "reveal_web", "sendsecret", "sandbox"):
        for path in (ROOT / package).rglob("*"):
            is_module = path.suffix == ".py" and path.name != "__init__.py" and "migrations/versions" not in str(path)
            if is_module and "vendor" not in path.relative_to(ROOT).parts[:-1] and f"`{path.stem}`" not in text:
                missing.append(str(path.relative_to(ROOT)))
    assert missing == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager", "service", "handler"])
def test_names_say_what_a_thing_is(word: str) -> None:
    """Empty words name no module."""
    assert [str(path) for path in code() if word in path.stem.lower().split("_")] == []


def test_every_mutant_still_fits_the_code() -> None:
    """What a named defect patches stands in its file, once."""
    misfits = [
        f"{mutant.name}: {file}"
        for mutant in MUTANTS
        for file, old, _ in ((mutant.file, mutant.old, mutant.new), *mutant.also)
        if (ROOT / file).read_text().count(old) != 1
    ]
    assert misfits == []


def test_no_forbidden_text() -> None:
    """No machine's path and no registry's address stands in the project."""
    bad = re.compile(r"/work/|/root/|registry\.npmjs|pypi\.org|files\.pythonhosted|deb\.debian")
    found = [
        str(path.relative_to(ROOT))
        for path in files()
        if path != Path(__file__)
        and path.suffix not in {".png", ".woff2"}
        and bad.search(path.read_text(errors="ignore"))
    ]
    assert found == []
