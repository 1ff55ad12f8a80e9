"""A sensitivity analysis written down: tables, a chart with words, and the command."""
