"""What the operator's command does: start, test, check, measure. No domain."""
