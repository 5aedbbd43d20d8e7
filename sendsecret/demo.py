"""
The demonstration: both programs against a pretend workspace, on this computer only.

It starts empty each time, because the pretend workspace forgets everything when it stops and what the database
said of it would be wrong.
"""

import secrets
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sandbox import fixtures
from sendsecret.environments import for_any
from sendsecret.supervisor import Program

DATA: Final = Path("data/demo")
_START_SECONDS: Final = 30
_MARK: Final = ".demo"


def environment(everything: Mapping[str, str], data: Path, *, sandbox_port: int, web_port: int) -> dict[str, str]:
    """Every setting of a demonstration; nothing of a real installation's is left in it."""
    return for_any(everything) | {
        "PUBLIC_URL": f"http://localhost:{web_port}",
        "DATABASE_URL": f"sqlite+aiosqlite:///{data}/sendsecret.db",
        "KEYRING_DIR": str(data / "keyring"),
        "SIGNING_DIR": str(data / "signing"),
        "WEB_PORT": str(web_port),
        # Any that are free: a real installation on this computer keeps its own.
        "WEB_METRICS_PORT": "0",
        "BOT_METRICS_PORT": "0",
        "SLACK_API_URL": f"http://localhost:{sandbox_port}/api/",
        # Made anew for each demonstration: a fixed one would look like a leaked token to every scanner.
        "SLACK_BOT_TOKEN": f"xoxb-demo-{secrets.token_hex(16)}",
        "SLACK_APP_TOKEN": f"xapp-demo-{secrets.token_hex(16)}",
        "AUDIT_CHANNEL": fixtures.AUDIT,
        "ANCHOR_WEBHOOK_URL": f"http://localhost:{sandbox_port}/services/anchors",
        # One person for all that a security team does: whoever looks on an incident day can end it, too.
        "ADMINS": fixtures.SAM,
        "AUDITORS": fixtures.SAM,
        "LOG_LEVEL": everything.get("LOG_LEVEL", "WARNING"),
        "DEMO": "true",
    }


def sandbox(everything: Mapping[str, str], *, port: int) -> Program:
    """The pretend workspace, as a program."""
    return Program("sandbox", ["sandbox", "--quiet", "--home", "--host", "127.0.0.1", "--port", str(port)], everything)


def require_own(data: Path) -> str | None:
    """A sentence for a folder that holds something other than an earlier demonstration, else None."""
    if not data.exists() or not any(data.iterdir()) or (data / _MARK).exists():
        return None
    return (
        f"{data} holds something that is not a demonstration's. Nothing was touched; name an empty folder with --data."
    )


def start_empty(data: Path) -> None:
    """Forget the last demonstration, and mark the folder as one."""
    if data.exists():
        shutil.rmtree(data)
    data.mkdir(mode=0o700, parents=True)
    (data / _MARK).touch()


def when_ready(*, sandbox_port: int, web_port: int) -> bool:
    """Wait until both pages answer; False when they do not within half a minute each."""
    for port, path in ((sandbox_port, "/"), (web_port, "/readyz")):
        until = time.monotonic() + _START_SECONDS
        while not _answers(f"http://localhost:{port}{path}"):
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
    return True


def require_free(port: int, option: str) -> str | None:
    """A sentence for a port that is taken, else None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return (
                f"Port {port} is taken by another program. Nothing was started; choose another, like "
                f"make run ARGS='{option} {port + 1}'."
            )
    return None


def welcome(*, sandbox_port: int, web_port: int) -> str:
    """What to click."""
    return f"""
  Sendsecret demo: a pretend Slack workspace, nothing leaves this computer.

    1. Open       http://localhost:{sandbox_port}
    2. As Maya    type  /sendsecret @dana  and fill in the form; note the passphrase it shows you.
    3. As Dana    press Open in the message from Sendsecret and type the passphrase.
    4. As Sam     read #security-audit, or type  /sendsecret evidence this quarter.

  Links open on  http://localhost:{web_port}.   Stop with Ctrl-C.
"""


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own page on this computer
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
