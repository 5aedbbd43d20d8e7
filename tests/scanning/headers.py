"""What every answer says of itself: CSP Evaluator over each policy, Mozilla's Observatory over each page."""

import asyncio
from dataclasses import dataclass, field

from tests.browser.csp_evaluator import weaknesses
from tests.browser.observatory import BEST, WITHOUT_SCRIPTS, scan
from tests.programs import Call
from tests.scanning.installation import Installation
from tests.scanning.targets import pages


@dataclass
class Judged:
    """How many were looked at, the scores by page, and what is wrong."""

    policies: int = 0
    scores: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def with_scripts(at: Installation) -> dict[str, str]:
    """Each kind of page that runs a script, by its path."""
    content = at.content
    return {
        "door": f"/s/{content.untouched.link.id_text}",
        "composer": content.composer.removeprefix(at.url).partition("#")[0],
        "viewer": f"/v/{content.viewer.link.id_text}",
        "receipt": f"/receipts/{content.receipt.partition('#')[0]}",
    }


def without_scripts(at: Installation) -> dict[str, str]:
    """Each kind of answer that runs none."""
    return {
        "pack": f"/evidence/{at.content.pack}",
        "incident": f"/incident/{at.incident()}",
        "keys": "/.well-known/jwks.json",
        "api": "/api/openapi.json",
    }


async def judge(at: Installation) -> Judged:
    """All of them.  The policies are those of the answers themselves, files and refusals too."""
    judged, policies = Judged(), dict[str, str]()
    for path in pages(at):
        answer = await Call(at.web.port, "GET", f"/{path}").answer()
        policies.setdefault(answer.headers.get("content-security-policy", ""), path)
    judged.policies = len(policies)
    weak = await asyncio.to_thread(weaknesses, list(policies))
    judged.findings += [f"CSP Evaluator: {policies[policy]}: {one}" for policy, some in weak.items() for one in some]
    host = at.url.removeprefix("https://")
    for asked, least in ((with_scripts(at), BEST), (without_scripts(at), WITHOUT_SCRIPTS)):
        for name, path in asked.items():
            answer_of = await scan(host + path, at.pem)
            score = judged.scores[name] = int(answer_of["scan"]["score"])
            failed = [f"{test}: {one['result']}" for test, one in answer_of["tests"].items() if not one["pass"]]
            judged.findings += [f"Observatory: {name}: {one}" for one in failed]
            judged.findings += [f"Observatory: {name}: {score}, not {least}"] if score < least else []
    return judged
