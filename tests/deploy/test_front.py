"""The fronts, read: what they pass on, what they keep to themselves, and what they never write down."""

import re

import pytest

from bot import http_mode
from deploy.supply.pins import ROOT
from store.handing_in import MOST_ENVELOPE_BYTES

FRONT = ROOT / "deploy" / "front"
NGINX = (FRONT / "nginx.conf").read_text()
CADDY = (FRONT / "Caddyfile").read_text()
OF_SLACK = {"nginx": (FRONT / "nginx-slack.conf").read_text(), "caddy": (FRONT / "slack.caddy").read_text()}


def bare(text: str) -> str:
    """Without its comments."""
    return re.sub(r"(?m)^\s*#.*$", "", text)


@pytest.mark.parametrize(
    "text", [NGINX, CADDY, *OF_SLACK.values()], ids=["nginx", "caddy", "nginx-slack", "caddy-slack"]
)
def test_every_brace_is_closed(text: str) -> None:
    """A file that was cut short is seen before a host is."""
    depth = 0
    for character in re.sub(r'"[^"]*"', "", re.sub(r"\{\$?[\w:.<>]+\}", "", bare(text))):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


def test_no_header_is_added_to_an_answer() -> None:
    """The program sends its own with every answer; a second policy beside it would be another, or none."""
    assert "add_header" not in bare(NGINX)
    assert "proxy_hide_header" not in bare(NGINX)
    assert re.findall(r"^\s*header (.*)$", bare(CADDY), re.MULTILINE) == ["-Server"]
    assert "protocols h1 h2\n" in bare(CADDY)


def test_the_visitors_address_is_the_fronts_to_say() -> None:
    """What a visitor wrote into X-Forwarded-For is replaced, not added to."""
    assert re.findall(r"X-Forwarded-For (\S+)", bare(NGINX)) == ["$remote_addr;"]
    assert "$proxy_add_x_forwarded_for" not in NGINX
    assert re.findall(r"X-Forwarded-For (\S+)", bare(CADDY)) == ["{remote_host}"]


def test_no_log_holds_a_query_a_header_or_a_whole_path() -> None:
    """The paths of an incident's list and of a pack are ways in; a header may hold a token."""
    [form] = re.findall(r"log_format sendsecret '([^']*)'", NGINX)
    assert set(re.findall(r"\$\w+", form)) == {
        *("$time_iso8601", "$request_method", "$sendsecret_kind", "$status", "$body_bytes_sent", "$request_time")
    }
    logs = re.findall(r"(access_log|error_log) \S+ (\w+);", bare(NGINX))
    assert sorted(set(logs)) == [("access_log", "sendsecret"), ("error_log", "crit")]
    assert len(logs) == 2 * bare(NGINX).count("server {")
    filters = re.findall(r"format filter \{.*?\n\t+\}\n\t+\}", bare(CADDY), re.DOTALL)
    assert len(filters) == bare(CADDY).count("log ") == 2
    for one in filters:
        for field in ("request>headers delete", "resp_headers delete", "request>tls delete"):
            assert field in one
        [pattern] = re.findall(r'request>uri regexp "([^"]*)" "\$1"', one)
        assert re.sub(pattern, r"\1", "/incident/canary?canary=1") == "/incident"


def test_a_sealed_file_comes_through_and_nothing_much_larger() -> None:
    """The largest envelope fits under both limits, which are near it."""
    [nginx] = [int(size) << 20 for size in re.findall(r"client_max_body_size (\d+)m;", bare(NGINX))]
    [caddy] = [int(size) * 1_000_000 for size in re.findall(r"max_size (\d+)MB", bare(CADDY))]
    most = MOST_ENVELOPE_BYTES + 64 * 1024
    assert most <= caddy <= 1.1 * most
    assert most <= nginx <= 1.1 * most


def test_slack_comes_to_the_bot_in_http_mode_only() -> None:
    """By a file of its own; one address, one method, as much as the bot takes."""
    assert http_mode.PATH not in bare(NGINX) + bare(CADDY)
    assert "include /etc/nginx/sendsecret-slack.conf*;" in NGINX
    assert "import slack.d/*.caddy" in CADDY
    assert f"location = {http_mode.PATH} {{" in OF_SLACK["nginx"]
    assert f"path {http_mode.PATH}\n" in OF_SLACK["caddy"]
    assert "limit_except POST" in OF_SLACK["nginx"]
    assert "method POST" in OF_SLACK["caddy"]
    assert f"client_max_body_size {http_mode.MOST_BYTES // 1024}k;" in OF_SLACK["nginx"]
    assert f"max_size {http_mode.MOST_BYTES // 1024}KB" in OF_SLACK["caddy"]


def test_people_come_by_todays_tls_alone() -> None:
    """1.2 and 1.3: nginx is told so, and Caddy, which takes no other by itself, is told nothing else."""
    assert re.findall(r"ssl_protocols (.*);", bare(NGINX)) == ["TLSv1.2 TLSv1.3"]
    assert not re.search(r"^\s*(tls|protocols tls\S*)\b", bare(CADDY), re.MULTILINE)


def test_people_are_sent_on_and_programs_are_told() -> None:
    """A program that comes by plain HTTP is refused: sent on in silence it would show its token each time."""
    [plain, *_] = bare(NGINX).split("listen 443")
    assert re.findall(r"location (\S+)\s+\{ return (\d+)", plain) == [("/api/", "403"), ("/r/", "403"), ("/", "308")]
    plain = bare(CADDY).split("\nhttp://")[1].split("\nhttps://")[0]
    assert re.findall(r"path (.*)\n", plain) == ["/api/* /r/*"]
    assert plain.index("respond 403") < plain.index("redir https://")


def test_no_request_is_given_to_the_program_twice() -> None:
    """A claim that was taken and whose answer was lost is repeated by the page that made it, or by nobody."""
    assert bare(NGINX).count("proxy_pass ") == bare(NGINX).count("proxy_next_upstream off;") == 1
    assert "proxy_next_upstream off;" in bare(OF_SLACK["nginx"])
    assert "lb_retries 0" in bare(CADDY)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_is_for_the_watcher_stays_on_the_host(path: str) -> None:
    """From outside it is not there."""
    assert f"location = {path} " in re.sub(r" +", " ", NGINX)
    [watched] = re.findall(r"@watched path (.*)", CADDY)
    assert path in watched.split()
    assert re.search(r"handle @watched \{\s+respond 404\s+\}", CADDY)
