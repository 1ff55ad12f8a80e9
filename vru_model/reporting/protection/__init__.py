"""Observed counts that a user brings, protected before they leave the program."""
