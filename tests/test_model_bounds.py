"""The bounds that let a sweep pass over most residents never hide an act, an ACE or a victim."""

import numpy as np
import pytest

from vru_model.model import ViolenceModel
from vru_model.people import ALWAYS, ALWAYS_HALF
from vru_model.processes import acting, early_life, pairs, schooling, victims
from vru_model.rows import Rows

SWEEPS = (
    (acting, "find_acts", "act_bound"),
    (early_life, "accrue_aces", "child_bound"),
    (schooling, "exclude", "child_bound"),
    (victims, "find_victims", "victim_bound"),
)


def repeating(sweep, bound: str, seen: list):
    """Return a sweep that is first carried out with everybody looked at exactly, and compared."""

    def repeated(*arguments):
        copies = [_copy(argument) for argument in arguments]
        rows = next(copy for copy in copies if isinstance(copy, Rows))
        bounds = getattr(rows, bound)
        seen.append((bounds < (ALWAYS_HALF if bound == "victim_bound" else ALWAYS)).mean())
        bounds[:] = np.iinfo(bounds.dtype).max
        exact, bounded = sweep(*copies), sweep(*arguments)
        assert np.array_equal(exact, bounded)
        return bounded

    return repeated


def _copy(argument):
    if isinstance(argument, Rows):
        return Rows(*(array.copy() for array in argument))
    return argument.copy() if isinstance(argument, np.ndarray) else argument


@pytest.mark.parametrize(
    ("scenario", "draw", "step"),
    [("quick", None, "month"), ("slow", 1, "month"), ("quick+slow", 2, "month"),
     ("baseline", 3, "week")],
)  # fmt: skip
def test_bounded_sweeps_find_what_exact_sweeps_find(monkeypatch, scenario, draw, step):
    years = 1 if step == "week" else 3
    seen = {name: [] for _, name, _ in SWEEPS}
    for module, name, bound in SWEEPS:
        repeated = repeating(getattr(module, name), bound, seen[name])
        monkeypatch.setattr(module, name, repeated)
    ViolenceModel(scenario=scenario, scale=0.004, years=years, draw=draw, step=step).run()
    for name, bounded in seen.items():
        assert len(bounded) >= 12 * years, name
        assert np.max(bounded) > 0.1, f"{name} was spared almost nobody: nothing was tested"


@pytest.mark.parametrize(("scenario", "step"), [("quick+slow", "month"), ("baseline", "week")])
def test_nobody_in_an_open_pair_is_missing_from_the_list_of_those_asked(scenario, step):
    model = ViolenceModel(scenario=scenario, scale=0.004, years=1, step=step)
    seen = 0
    while model.running:
        rows, listed = model.people.rows, model._paired
        model.step()
        now = pairs.find_open(rows, model.people.count, model.clock.step)
        assert set(now) <= set(model._paired)
        assert np.all(np.diff(model._paired) > 0), "in order, each once"
        seen += len(set(now) - set(listed))
    assert seen, "no pair opened: nothing was tested"
