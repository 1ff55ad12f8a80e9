"""Published statistics of counts, rates, gradients and health equity: arrays in, numbers out.

Nothing here knows of runs, measures or money. Each function names the publication whose formula
it follows; where a worked example was published, a test repeats it.
"""
