"""Measuring the platform against its targets (docs/bench.md)."""
