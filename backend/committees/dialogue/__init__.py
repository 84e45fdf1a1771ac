"""Dialogue: questions put to the actors of a territory, what they answer, actions agreed and followed."""
