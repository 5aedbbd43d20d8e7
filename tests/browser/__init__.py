"""The reader's page in a real Chromium."""
