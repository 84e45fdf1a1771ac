"""Seals shown, proofs given and checked: that a decision, a receipt or minutes are in the record, unaltered."""
