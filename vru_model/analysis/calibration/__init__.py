"""Calibration: which parameter sets the targets do not rule out.

History matching in waves. ``space`` is what is searched; ``worlds`` computes the statistics of
parameter sets in real worlds; ``emulators`` learns them; ``refitting`` proposes, for each value of
the deeply uncertain parameters, a set that may fit; ``implausibility`` judges real worlds alone;
``search`` goes from wave to wave; ``constraints`` knocks mechanisms out of the sets that are kept;
``record`` writes down what was found, and ``adopting`` puts it into the parameter documents.

Nothing here imports a statistic that is held back for validation.
"""
