"""Explore scenarios: strategies built from cards of programmes, run, compared, kept and shared.

What is thought stands apart from what is shown. ``draft``, ``saved``, ``job``, ``working``,
``answer`` and ``contest`` know no widget and are tested without a browser; ``page`` and its parts
are a thin view of them.
"""
