"""Which assumptions a comparison hangs on, and at which value each would turn it round.

>>> from vru_model.analysis.sensitivity import sensitivity
>>> study = sensitivity("baseline", "quick")
>>> study.table, study.biggest.sentence

Parameters are moved one at a time, then all together in Morris's screening, then in a design on
which an emulator learns the difference; Sobol's indices are read from the emulator where it
predicts. Every point of every design is a stored run.
"""

from vru_model.analysis.sensitivity.reading import Biggest, biggest_assumption
from vru_model.analysis.sensitivity.study import Design, Study, sensitivity

__all__ = ["Biggest", "Design", "Study", "biggest_assumption", "sensitivity"]
