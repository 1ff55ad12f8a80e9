"""How acting rises and falls with age, apart for each venue."""

import math
from functools import lru_cache

from reference.world import VENUES, years


class AgeCurves:
    """Rates by age in months.

    The two-component curve of a venue (an adolescence-limited and a persistent part)::

        x = (age - onset) / (peak - onset)
        g = exp{kappa (ln x - x + 1)},  kappa = rise if x < 1 else fall
        exp f(age) = exp(level) [(1 - pi) g + pi 1{age >= 14} exp(-max(age - until, 0) / fade)]

    Ages stand at the middle of their month.
    """

    def __init__(self, curves, grievance) -> None:
        self.curves, self.grievance = curves, grievance
        self.rates = lru_cache(maxsize=None)(self.rates)
        self.log_total = lru_cache(maxsize=None)(self.log_total)
        self.act = lru_cache(maxsize=None)(self.act)

    def rates(self, age: int, pupils: float) -> tuple[float, ...]:
        """Return exp f_v(age) of each venue; ``pupils`` is what holidays add for peers under 16."""
        if age < years(10):
            return (0.0,) * len(VENUES)
        rates = [self._curve(v, (age + 0.5) / 12.0) for v in range(len(VENUES))]
        if age < years(16):
            rates[0] *= math.exp(pupils)
        return tuple(rates)

    def log_total(self, age: int, pupils: float) -> float:
        """Return the log of the rate over all venues."""
        return math.log(sum(self.rates(age, pupils)))

    def act(self, age: int) -> float:
        """Return act(age), 0-1: how ready people are to act on a grievance."""
        if age < years(10):
            return 0.0
        shape = self.grievance.age_shape
        curve = rise_and_fall((age + 0.5) / 12.0, 9.0, self.grievance.peak_age, shape, shape)
        return min(1.0, curve)

    def _curve(self, v: int, age: float) -> float:
        curves = self.curves
        limited = rise_and_fall(
            age, curves.onset[v], curves.peak[v], curves.rise[v], curves.fall[v]
        )
        lasting = 0.0
        if age >= max(14.0, curves.onset[v]):
            past = max(age - curves.persistent_until[v], 0.0)
            lasting = math.exp(-past / curves.persistent_fade[v])
        share = curves.persistent[v]
        return math.exp(curves.level[v]) * ((1.0 - share) * limited + share * lasting)


def rise_and_fall(age: float, onset: float, peak: float, rise: float, fall: float) -> float:
    """Return g(age), 1 at the peak and 0 up to the onset."""
    if age <= onset:
        return 0.0
    x = (age - onset) / (peak - onset)
    return math.exp((rise if x < 1 else fall) * (math.log(x) - x + 1))
