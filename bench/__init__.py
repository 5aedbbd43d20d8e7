"""Measurements for whoever runs this: `python -m bench`.  Nothing here is a test; see docs/performance.md."""
