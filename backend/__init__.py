"""The platform of INDH Programme 3: one package a slice (see docs/architecture.md)."""
