"""Whoever minds the programs: when one of them ends, it ends the others and passes its exit code on."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.programs import ROOT

_STARTING = """
import os, sys
from sendsecret.supervisor import Program, hand_over
system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
stays = Program("stays", ["http.server", "0", "--bind", "127.0.0.1", "--directory", sys.argv[1]], system)
ends = Program("ends", ["http.server", "0", "--bind", "127.0.0.1", "--directory", sys.argv[1] + "/ends"], system)
os.environ["SLACK_BOT_TOKEN"] = "xoxb-kanarienvogel"
hand_over([stays, ends], system | {"ONLY": "this"})
"""


def test_when_one_program_ends_the_other_is_ended(tmp_path: Path) -> None:
    """In the very process that started them; nobody is left behind."""
    words = [sys.executable, "-c", _STARTING, str(tmp_path)]
    (tmp_path / "ends").mkdir()
    with subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as parent:
        minder = psutil.Process(parent.pid)
        while "sendsecret.minding" not in minder.cmdline() or len(minder.children()) < 2:
            assert parent.poll() is None
            time.sleep(0.05)
        assert minder.environ()["ONLY"] == "this"
        assert "kanarienvogel" not in str(minder.environ())
        [one] = [child for child in minder.children() if str(tmp_path / "ends") in child.cmdline()]
        one.terminate()
        _, said = parent.communicate(timeout=60)
    assert parent.returncode != 0
    assert "ends ended with exit code -15; stopping the rest." in said
    assert not [one for one in psutil.process_iter(["cmdline"]) if str(tmp_path) in (one.info["cmdline"] or ())]
