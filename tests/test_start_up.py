"""What a process costs before its first world: nothing is compiled twice or left switched off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

COMPILED = """
import json
import numba.core.event as events

class Seen(events.Listener):
    names = []

    def on_start(self, event):
        pass

    def on_end(self, event):
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith("vru_model"):
            self.names.append(f"{function.__module__}.{function.__name__}")

events.register("numba:compile", Seen())
import vru_model

world = vru_model.ViolenceModel(scenario="do_maximum", scale=0.004, years=1, draw=1).run()
world.measures()
print(json.dumps(Seen.names))
"""


def in_a_new_process(program: str) -> str:
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True,
        text=True,
    ).stdout  # fmt: skip


def test_a_second_process_compiles_nothing():
    """A kernel that Python calls has to be kept on disk, or every process compiles it anew."""
    in_a_new_process(COMPILED)
    assert json.loads(in_a_new_process(COMPILED)) == []


def test_python_looks_for_unreachable_objects_again_once_the_model_is_loaded():
    program = "import gc, vru_model; vru_model.ViolenceModel; print(gc.isenabled())"
    assert in_a_new_process(program).strip() == "True"
    program = "import gc; gc.disable(); import vru_model; vru_model.run; print(gc.isenabled())"
    assert in_a_new_process(program).strip() == "False"
