"""The bounds that let a sweep pass over most residents never hide an act or an ACE."""

import numpy as np
import pytest

from vru_model.model import ViolenceModel
from vru_model.people import ALWAYS
from vru_model.processes import acting, early_life


class Checked(ViolenceModel):
    """A model that repeats each sweep with every resident looked at exactly."""

    looked_at: int = 0
    sweeps: int = 0

    def _acts(self, state):
        values, now = self.coefficients, self.clock
        return acting.find_acts(
            state, self.people.identifiers, self.people.count, self.areas, self._tables,
            self.key, now.step, now.months, self.month, self._base, values.acting,
            values.grievance, values.pairs, values.peers.learning, values.peers.scale,
        )  # fmt: skip

    def _aces(self, state):
        return early_life.accrue_aces(
            state, self.people.count, self.areas, self.key, self.clock.step, self.clock.months,
            self.month, self.coefficients.early_life,
        )  # fmt: skip

    def accrue_adversity(self):
        exact = self.people.state.copy()
        exact["ace_bound"] = ALWAYS
        assert np.array_equal(self._aces(self.people.state.copy()), self._aces(exact))
        super().accrue_adversity()

    def commit_violence(self, echoes=False):
        if not echoes:
            exact = self.people.state.copy()
            exact["act_bound"] = ALWAYS
            assert np.array_equal(self._acts(self.people.state.copy()), self._acts(exact))
            bounds = self.people.column("act_bound")
            self.looked_at += int((bounds == ALWAYS).sum())
            self.sweeps += 1
        super().commit_violence(echoes=echoes)


@pytest.mark.parametrize(
    ("scenario", "draw", "step"),
    [("quick", None, "month"), ("slow", 1, "month"), ("quick+slow", 2, "month"),
     ("baseline", 3, "week")],
)  # fmt: skip
def test_bounded_sweeps_find_what_exact_sweeps_find(scenario, draw, step):
    years = 1 if step == "week" else 3
    model = Checked(scenario=scenario, scale=0.004, years=years, draw=draw, step=step).run()
    assert model.sweeps >= 12 * years
    assert model.looked_at < 0.97 * model.sweeps * len(model.people)
