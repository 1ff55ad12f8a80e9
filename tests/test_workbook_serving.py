"""What `vru explore` and `vru lab` start, and what they refuse."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from urllib.request import urlopen

import pytest


def test_lab_opens_the_notebooks_with_the_news_switched_off(tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-m", "vru_model.cli", "lab", "--no-browser", "--port", "0"],
        env=os.environ | {"VRU_OUTPUTS": str(tmp_path)}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert server.stdout is not None
    found = re.search(r"(http://127\.0\.0\.1:\d+)/lab\?token=([\w-]+)", server.stdout.readline())
    assert found, "the server did not print its address"
    name = "@jupyterlab/apputils-extension:notification"
    with urlopen(f"{found[1]}/lab/api/settings/{name}?token={found[2]}", timeout=60) as answer:
        properties = json.load(answer)["schema"]["properties"]
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=60)
    assert server.returncode == 0
    assert properties["fetchNews"]["default"] == "false"
    assert properties["checkForUpdates"]["default"] is False


@pytest.mark.parametrize("arguments", [["--port", "TAKEN"], ["nonsense"]])
def test_a_port_that_is_taken_and_a_page_that_is_none_are_refused(arguments):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        shown = subprocess.run(
            [sys.executable, "-m", "vru_model.cli", "explore", "--no-browser",
             *(port if each == "TAKEN" else each for each in arguments)],
            capture_output=True, text=True,
        )  # fmt: skip
    assert shown.returncode == 2 and "nothing was written" in shown.stderr
