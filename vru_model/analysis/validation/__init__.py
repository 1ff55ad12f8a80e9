"""Validation: what the model was not fitted to, looked at once, and judged by one rule."""
