"""An audit says "nothing known" only when it asked, and somebody answered who knows."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deploy.supply import audit
from deploy.supply.audit import CONTROLS, NotAuditedError, everything, main
from deploy.supply.pins import NPM_LOCKS, ROOT, from_npm, libraries, pins
from tests.programs import free_port

PINNED = {pin.name for pin in (*pins("build"), *pins("development"), *pins("fuzz"))} | {name for name, _ in from_npm()}
FAMOUS = {f"{control.name} {control.version}": ["FAMOUS-1"] for control in CONTROLS}
Answer = Callable[[list[dict[str, Any]]], tuple[int, bytes]]


@contextmanager
def source(answer: Answer) -> Iterator[tuple[str, list[list[dict[str, Any]]]]]:
    """A server that speaks querybatch on this computer, and what it was asked."""
    asked: list[list[dict[str, Any]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body["queries"])
            status, said = answer(body["queries"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def knowing(faults: dict[str, list[str]]) -> Answer:
    """A source that knows these faults, by package and version, or by package."""

    def answer(queries: list[dict[str, Any]]) -> tuple[int, bytes]:
        names = [(query["package"]["name"], query["version"]) for query in queries]
        ids = [faults.get(f"{name} {version}", faults.get(name, [])) for name, version in names]
        results = [{"vulns": [{"id": one} for one in some]} if some else {} for some in ids]
        return 200, json.dumps({"results": results}).encode()

    return answer


def test_everything_that_is_pinned_is_asked_about(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs, tests, what builds them, and the pages' libraries; nothing known is exit 0."""
    with source(knowing(FAMOUS)) as (url, asked):
        assert main(["--source", url]) == 0
    queries = [query for turn in asked for query in turn]
    assert {query["package"]["name"] for query in queries} == PINNED | {one.name for one in CONTROLS}
    assert all(query["version"] for query in queries)
    assert "0 have faults" in capsys.readouterr().out


def test_every_lock_of_npm_is_read() -> None:
    """The pages' libraries, and whatever their tests run: each lock there is, and each package by its own name."""
    locks = {path for top in ("reveal_web", "tests") for path in ROOT.glob(f"{top}/*/package-lock.json")}
    assert locks == set(NPM_LOCKS)
    found = from_npm()
    assert {(one.name, one.version) for one in libraries()} < set(found)
    assert {"axe-core", "lighthouse", "typescript"} < {name for name, _ in found}
    assert [name for name, version in found if "node_modules" in name or not version] == []


def test_a_known_fault_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """It is named, with its package; accepting it by its id is enough, accepting another is not."""
    with source(knowing(FAMOUS | {"aiohttp": ["FAULT-7"]})) as (url, _):
        assert main(["--source", url]) == 1
        assert "aiohttp" in (said := capsys.readouterr().out)
        assert "FAULT-7" in said
        assert main(["--source", url, "--accept", "FAULT-8"]) == 1
        assert main(["--source", url, "--accept", "FAULT-7"]) == 0


@pytest.mark.parametrize(
    "answer",
    [
        knowing({}),
        knowing({key: FAMOUS[key] for key in list(FAMOUS)[:1]}),
        knowing({key: FAMOUS[key] for key in list(FAMOUS)[1:]}),
        lambda _: (200, b'{"results": []}'),
        lambda _: (200, b"{}"),
        lambda _: (200, b"[]"),
        lambda _: (200, b"<html>a proxy's page</html>"),
        lambda queries: (200, json.dumps({"results": [{"vulns": [{"id": "X"}]}] * (len(queries) - 1)}).encode()),
        lambda _: (404, b"{}"),
        lambda _: (503, b""),
    ],
    ids=["empty", "no-npm", "no-pypi", "none", "nothing", "list", "page", "short", "404", "503"],
)
def test_a_source_that_knows_nothing_is_no_audit(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    """Silence is never taken for health."""
    with source(answer) as (url, _):
        assert main(["--source", url]) == 2
    assert capsys.readouterr().out.startswith("Nothing was audited: ")


def test_without_the_network_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody listens: the command says so, and what to do."""
    assert main(["--source", f"http://127.0.0.1:{free_port()}"]) == 2
    assert "does not answer" in capsys.readouterr().out


def test_nothing_to_ask_about_is_no_audit() -> None:
    """A lock that was read as empty is a fault of ours, not a clean bill."""
    with pytest.raises(NotAuditedError):
        everything((), ())


def test_many_are_asked_about_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each turn has its own controls, and no package is lost between two."""
    monkeypatch.setattr(audit, "_AT_ONCE", 10)
    with source(knowing(FAMOUS)) as (url, asked):
        assert main(["--source", url]) == 0
    known = [(query["package"]["name"], query["version"]) for turn in asked for query in turn[len(CONTROLS) :]]
    assert len(known) == len(set(known)) > 50
    assert {name for name, _ in known} == PINNED
    assert all([query["version"] for query in turn[:2]] == [one.version for one in CONTROLS] for turn in asked)
