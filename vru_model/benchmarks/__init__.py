"""How fast, how large and how precise the program is: ratios measured in one run.

``make bench`` measures each row on an idle machine, the things compared taking turns, and writes
``docs/benchmarks.md`` and ``benchmarks/latest.json``. A row that misses its mark says so.
"""
