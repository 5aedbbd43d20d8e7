"""Programs that tests need and PyPI does not have, out of the distribution: installed where this may be done."""

import os
import shutil
import subprocess


def install(*packages: str) -> None:
    """Install them as root with apt-get; anywhere else do nothing, and let the caller say what is missing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    wait = ["-o", "DPkg::Lock::Timeout=300"]  # for another call of this one, under `make -j`
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wait, *packages]
    # The lists of packages are fetched only where they are missing or too old: often they were, a moment ago.
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
