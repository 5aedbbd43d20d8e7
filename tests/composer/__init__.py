"""The composer's page in Chromium, against the real web program over a real store."""
