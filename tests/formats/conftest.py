"""Bounds for the generated examples: few enough for two cores, and no deadline, because the machine is shared."""

from hypothesis import settings

settings.register_profile("formats", deadline=None, max_examples=60)
settings.load_profile("formats")
