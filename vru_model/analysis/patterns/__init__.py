"""Patterns of violence computed from a world's tables, to set beside what was found.

``registry`` holds the statistics by name; each module adds its own. Those that calibration needs
stand in ``levels``, ``survey``, ``severity`` and ``lives``; what is held back for validation stands
in modules of its own, which calibration never imports.
"""
