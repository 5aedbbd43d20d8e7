"""Slack's Web API: what an app may ask of the workspace, and what it is refused."""
