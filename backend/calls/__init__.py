"""Calls for projects: rules, documents, grids and envelopes as data, and their life."""
