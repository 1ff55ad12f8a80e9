"""Documents by which results are counted up: measures, unit costs, appraisal rules, agencies.

They cannot change what happens in a world, so they do not count for its name: a new price gives
a new appraisal of the same runs.
"""
