"""Programmes as delivered: who is eligible, who is reached, what it changes, for how long."""
