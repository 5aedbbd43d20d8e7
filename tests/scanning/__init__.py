"""Scanners over the running programs: `make scan`. Not among the tests: it takes a quarter of an hour."""
