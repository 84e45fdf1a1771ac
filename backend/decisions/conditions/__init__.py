"""Grants under conditions: decided in session, answered by the holder, confirmed by an officer, in time."""
