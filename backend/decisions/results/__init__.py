"""The results of a call: published by a person once everybody was told; then everybody's (law 31-13)."""
