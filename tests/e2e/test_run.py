"""`sendsecret run`: one command, a file `.env`, both programs, each with only what it is entitled to."""

import asyncio
import re
from pathlib import Path

import psutil

from sandbox.fixtures import AUDIT
from sandbox.running import Sandbox
from tests.programs import free_port, running, until_answering


async def test_run_reads_dotenv_and_gives_each_program_its_own(tmp_path: Path) -> None:
    """Both come up against the workspace; the web program never sees a Slack token; SIGTERM ends it all."""
    port = free_port()
    async with Sandbox() as sandbox:
        settings = {
            "PUBLIC_URL": f"http://localhost:{port}",
            "WEB_PORT": str(port),
            "WEB_METRICS_PORT": "0",
            "BOT_METRICS_PORT": "0",
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "AUDIT_CHANNEL": AUDIT,
            "UNKNOWN_TO_US": "canary",
        }
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        async with running(["sendsecret", "run"], {}, tmp_path / "run.log", port=port, folder=tmp_path) as program:
            await until_answering(program, "/readyz")
            assert await sandbox.wait_sockets(1, seconds=30), program.written()
            seen = {child.cmdline()[-1]: child.environ() for child in psutil.Process(program.process.pid).children()}
            assert {"bot", "web"} <= seen.keys()
            assert "SLACK_BOT_TOKEN" in seen["bot"]
            assert not [name for name in seen["web"] if name.startswith("SLACK_")]
            assert all("UNKNOWN_TO_US" not in environment for environment in seen.values())
            assert await program.stop() == 0
    made = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"data/sendsecret.db", "keyring/keyring.id", "keyring/event-web.key", "signing/event-bot.key"} <= made


async def test_run_without_settings_names_every_one_and_shows_none(tmp_path: Path) -> None:
    """Half the tokens, a wrong address, no channel: exit 2, all said at once, no value repeated."""
    (tmp_path / ".env").write_text("PUBLIC_URL=ftp://canary.example.com\nSLACK_BOT_TOKEN=xoxb-canary\n")
    async with running(["sendsecret", "run"], {}, tmp_path / "run.log", folder=tmp_path) as program:
        async with asyncio.timeout(30):
            assert await program.process.wait() == 2
    said = program.written()
    assert set(re.findall(r"^  ([A-Z_]+):", said, re.MULTILINE)) == {"PUBLIC_URL", "SLACK_APP_TOKEN", "AUDIT_CHANNEL"}
    assert "canary" not in said
    assert not (tmp_path / "data").exists()
