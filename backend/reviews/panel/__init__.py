"""What a panel of evaluators is worth: agreement, severity, sharing out, and an order that anyone can redo.

Pure functions without a database; see docs/reliability.md. All modules but `order` and `record` import numpy
(some scipy), which the API must not load when it starts: import them inside the function that uses them.
"""

STUDY = 3
"""Counts the ways of studying a panel: reports made in an earlier one are made again."""
UNSURE = ("few_files", "not_connected", "near_saturated")
"""Warnings of the correction with which no rank has an interval: it would say more than the marks do."""
