"""`vru verify`: make a paper or a run again, and say part by part whether it comes out the same.

`finding` holds one part's verdict and how tables and pictures are compared, `runs` re-runs the
worlds of a run, `papers` re-makes a paper with its runs, `command` is the command.
"""
