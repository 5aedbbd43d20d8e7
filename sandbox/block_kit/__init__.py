"""Slack's published limits of blocks, elements, messages and views, each as a named rule."""
