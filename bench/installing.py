"""
What is measured beside the product, each in an environment of its own under `.rivals`: `python -m bench.installing`.

SnapPass from PyPI with Debian's Redis, and the floors' uvloop.  What cannot be installed is said and left out: the
bench then measures without it, and its report says so.  Debian's package may also start a Redis of its own, on its
usual port; the bench starts another one on a port of its own.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from deploy.supply.pins import pins
from tests.debian import install

_ROOT: Final = Path(__file__).parent.parent
RIVALS: Final = _ROOT / ".rivals"
SNAPPASS: Final = RIVALS / "snappass" / "bin"
FLOORS: Final = RIVALS / "floors" / "bin"
_UVLOOP: Final = "uvloop==0.23.0"


def redis() -> str | None:
    """Where Debian's Redis is, if it is installed."""
    return shutil.which("redis-server")


def has_snappass() -> bool:
    """Whether SnapPass, gunicorn and Redis are installed."""
    return redis() is not None and (SNAPPASS / "gunicorn").exists()


def floors_python() -> str:
    """The floors' interpreter: with uvloop, or the product's where there is none."""
    # An installation that was stopped leaves a Python with nothing in it.
    is_whole = any(FLOORS.parent.glob("lib/python*/site-packages/uvloop"))
    return str(FLOORS / "python") if is_whole else sys.executable


def _environment(folder: Path, *words: str) -> None:
    subprocess.run([sys.executable, "-m", "venv", folder.parent], check=True)  # noqa: S603 - our own words
    pip = [str(folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([*pip, *words], check=True)  # noqa: S603 - our own words
    except subprocess.CalledProcessError:
        shutil.rmtree(folder.parent)  # half an environment would be taken for one
        raise


def _floors() -> None:
    # The versions that the product runs on, so that what differs is what is done with them.
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as versions:
        versions.writelines(f"{pin.name}=={pin.version}\n" for pin in pins("product"))
        versions.flush()
        _environment(FLOORS, "-c", versions.name, _UVLOOP, "aiohttp", "asyncpg", "cryptography")


def _snappass() -> None:
    _environment(SNAPPASS, "-r", str(Path(__file__).with_name("rivals.txt")))


def _redis() -> None:
    if redis() is None:
        install("redis-server")
    if redis() is None:
        raise FileNotFoundError("redis-server")


def main() -> None:
    """Install what can be; exits 1 with a sentence for each that could not."""
    failed = []
    for name, make in (("the floors' uvloop", _floors), ("SnapPass", _snappass), ("Redis", _redis)):
        try:
            make()
        except (OSError, subprocess.CalledProcessError):
            failed.append(name)
    if failed:
        sys.exit(f"Not installed: {', '.join(failed)}. The bench runs without, and its report says so.")


if __name__ == "__main__":
    main()
