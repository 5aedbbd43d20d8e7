"""Which buttons are pressed in tests of the bot, over the pretend Slack's real sockets, and where."""

from pathlib import Path

TESTS_OF_BOT = Path(__file__).parents[1] / "bot"
ELSEWHERE = {
    "press_to_open": "test_press_to_open.py",
    "remind": "test_rotation.py",
    "rotated": "test_rotation.py",
    "rotate_on": "test_rotation.py",
    "open_provider": "test_slack_types.py",
    "revoke_handed": "test_incident.py",
    "end_handed_tokens": "test_incident_tokens.py",
    "take_handed": "test_incident_links.py",
    "open_list": "test_incident_links.py",
    "open_table": "test_incident_links.py",
    "handed_first": "test_incident.py",
    "handed_next": "test_incident.py",
}
