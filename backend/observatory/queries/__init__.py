"""Cross-slice reads: the public figures, the officer's day, the country, the trail, a project's story."""
