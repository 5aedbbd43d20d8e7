"""
What somebody has who checks receipts and never installed this product: `python -m tests.auditor`.

OpenSSL and curl from the system, installed where that may be done; and a Python of its own in `.auditor`, with other
people's packages only.
"""

import subprocess
import sys
from pathlib import Path

from tests.auditor.machine import PYTHON, missing
from tests.debian import install


def main() -> None:
    """Find or make everything, or say in one sentence what to do."""
    if missing():
        install("openssl", "curl", "ca-certificates", "coreutils")
    if missing():
        sys.exit(
            f"The tests of docs/verifying.md need {' and '.join(missing())}: install OpenSSL 3, curl and GNU coreutils "
            "with your package manager."
        )
    subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(Path(__file__).with_name("requirements.txt"))], check=True)


if __name__ == "__main__":
    main()
