"""Lists of members in spreadsheets: a template, a reader that trusts nothing, a plan."""
