"""Validation: what the model was not fitted to, seen when all is frozen, judged by one rule."""
