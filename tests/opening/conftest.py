"""A real reveal server for the command to ask, and one that says what a test tells it to."""

from tests.web.conftest import installed, page, web_settings, world

__all__ = ["installed", "page", "web_settings", "world"]
