"""The board paper "Programme and multi-year strategy": one module for each question it answers."""
