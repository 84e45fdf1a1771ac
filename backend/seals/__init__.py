"""Seals shown, proofs given and checked: a decision, a receipt, minutes are in the record, unaltered."""
