"""
The demonstration: both programs against a pretend workspace, on this computer only.

It starts empty each time, because the pretend workspace forgets everything when it stops and what the database
said of it would be wrong.
"""

import contextlib
import secrets
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sandbox import fixtures
from sendsecret.environments import for_program
from sendsecret.supervisor import Program

HOME: Final = Path("data/demo")


def environment(everything: Mapping[str, str], *, sandbox_port: int, web_port: int) -> dict[str, str]:
    """Every setting of a demonstration; nothing of a real installation's is left in it."""
    system = for_program("web", everything).keys() - {name.upper() for name in _ours()}
    return {name: everything[name] for name in system} | {
        "PUBLIC_URL": f"http://localhost:{web_port}",
        "DATABASE_URL": f"sqlite+aiosqlite:///{HOME}/sendsecret.db",
        "KEYRING_DIR": str(HOME / "keyring"),
        "SIGNING_DIR": str(HOME / "signing"),
        "WEB_PORT": str(web_port),
        "SLACK_API_URL": f"http://localhost:{sandbox_port}/api/",
        # Made anew for each demonstration: a fixed one would look like a leaked token to every scanner.
        "SLACK_BOT_TOKEN": f"xoxb-demo-{secrets.token_hex(16)}",
        "SLACK_APP_TOKEN": f"xapp-demo-{secrets.token_hex(16)}",
        "AUDIT_CHANNEL": fixtures.AUDIT,
        "AUDITORS": fixtures.SAM,
        "LOG_LEVEL": everything.get("LOG_LEVEL", "WARNING"),
        "DEMO": "true",
    }


def sandbox(everything: Mapping[str, str], *, port: int) -> Program:
    """The pretend workspace, as a program."""
    return Program("sandbox", ["sandbox", "--host", "127.0.0.1", "--port", str(port)], everything)


def start_empty() -> None:
    """Forget the last demonstration."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(HOME)


def require_free(port: int, option: str) -> str | None:
    """A sentence for a port that is taken, else None."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return f"Port {port} is taken by another program. Nothing was started; choose another with {option}."
    return None


def welcome(*, sandbox_port: int, web_port: int) -> str:
    """What to click."""
    return f"""
  Sendsecret demo: a pretend Slack workspace, nothing leaves this computer.

    1. Open       http://localhost:{sandbox_port}
    2. As Maya    type  /sendsecret @dana  and fill in the form; note the passphrase it shows you.
    3. As Dana    press Open in the message from Sendsecret and type the passphrase.
    4. As Sam     read #security-audit.

  Links open on  http://localhost:{web_port}.   Stop with Ctrl-C.
"""


def _ours() -> set[str]:
    from bot.settings import BotSettings
    from reveal_web.settings import WebSettings

    return {*BotSettings.model_fields, *WebSettings.model_fields}
