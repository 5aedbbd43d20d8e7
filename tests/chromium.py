"""
The system's Chromium for the browser tests.

`python -m tests.chromium` looks for one, installs the distribution's where it may, and says what to do where not.
"""

import contextlib
import shutil
import subprocess
import sys

from tests.debian import install

SHELL = "chromium-headless-shell"
"""The browser without its window: these tests take it a third less of a processor's time."""
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def path() -> str | None:
    """Where a Chromium is, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def main() -> None:
    """Find or install a Chromium, or say in one sentence what to do."""
    if shutil.which(SHELL) is None:
        with contextlib.suppress(subprocess.CalledProcessError):  # a distribution that has the whole browser only
            install(SHELL, "fonts-dejavu-core")
    if path() is None:
        install("chromium", "fonts-dejavu-core")
    if path() is None:
        sys.exit(
            "The browser tests need Chromium: install it with your package manager (Debian: apt install chromium)."
        )


if __name__ == "__main__":
    main()
