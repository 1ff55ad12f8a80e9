"""Voilà and JupyterLab, started so that they answer this machine alone and ask for a token."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from vru_model import paths
from vru_model.errors import InputError, Problem, nearest

HOST = "127.0.0.1"
PAGES = {
    "scenarios": "01_explore_scenarios.ipynb",
    "needs": "02_needs_assessment.ipynb",
    "session": "04_facilitated_session.ipynb",
}
"""What a page is called → its notebook."""

_ALLOW_ROOT = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
"""JupyterLab refuses an administrator, who in a container is the only user there is."""

_SERVED = Path(__file__).with_name("served")
_PATIENCE = 60.0  # seconds until a server has to answer
_UNTIL_FORCE = 15.0  # seconds that a server has to end its kernels


class NotServed(RuntimeError):
    """The server ended before it answered."""


def serve_page(page: str, port: int | None, browser: bool = True) -> None:
    """Serve a page of the workbook until Ctrl-C.

    Raises
    ------
    InputError
        Where there is no such page, the port is taken or Voilà is not installed.
    NotServed
        Where the server ends by itself.
    """
    port, token = _checked(port, "voila", page), secrets.token_urlsafe(24)
    command = [
        sys.executable, "-m", "voila", str(paths.NOTEBOOKS / PAGES[page]),
        "--template=vru", "--no-browser",
        f"--port={port}", f"--Voila.ip={HOST}", "--Voila.auto_token=True",
        "--Voila.log_level=ERROR", "--VoilaConfiguration.show_tracebacks=False",
        "--VoilaConfiguration.multi_kernel_manager_class=vru_model.workbook.kernels.PageKernels",
        "--MappingKernelManager.cull_interval=5", "--MappingKernelManager.cull_idle_timeout=600",
        "--KernelManager.transport_encryption=auto",
    ]  # fmt: skip
    _serve(command, port, token, f"http://{HOST}:{port}/?token={token}", browser,
           "The page")


def serve_lab(port: int | None, browser: bool = True) -> None:
    """Serve the notebooks in JupyterLab until Ctrl-C; raises like :func:`serve_page`."""
    port, token = _checked(port, "jupyterlab"), secrets.token_urlsafe(24)
    command = [
        sys.executable, "-W", "ignore::DeprecationWarning", "-m", "jupyterlab",
        str(paths.NOTEBOOKS), "--no-browser", "--log-level=ERROR",
        f"--ServerApp.port={port}", f"--ServerApp.ip={HOST}", "--ServerApp.port_retries=0",
        "--KernelManager.transport_encryption=auto", *_ALLOW_ROOT,
    ]  # fmt: skip
    _serve(command, port, token, f"http://{HOST}:{port}/lab?token={token}", browser,
           "The notebooks in JupyterLab")


def _serve(command: list[str], port: int, token: str, address: str, browser: bool,
           what: str) -> None:
    """Start a server, say where it is, and wait for it or for Ctrl-C."""
    # The token goes by the environment: the arguments of a process are everybody's to read.
    environment = os.environ | {
        "JUPYTER_TOKEN": token,
        "JUPYTER_PATH": _before("JUPYTER_PATH", _SERVED),
        "JUPYTER_CONFIG_PATH": _before("JUPYTER_CONFIG_PATH", _SERVED / "config"),
    }
    for kind in (signal.SIGINT, signal.SIGTERM):
        # Said outright: a shell that starts us in the background has Ctrl-C ignored, and the
        # server would inherit that; and whoever ends us politely wants its kernels ended too.
        signal.signal(kind, signal.default_int_handler)
    server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    try:
        _wait_for(server, port)
        print(f"{what}: {address}", flush=True)
        print("Only this machine can open it. Stop with Ctrl-C.", flush=True)
        if browser:
            webbrowser.open(address)
        if server.wait():
            raise NotServed(f"The server ended with {server.returncode}.")
    except KeyboardInterrupt:
        print("\nStopped. Everything that was done is kept in outputs/workbook.", flush=True)
    finally:
        _stop(server)


def _before(variable: str, folder: Path) -> str:
    """Return the folders of a variable of the environment with one before them."""
    return os.pathsep.join(filter(None, [str(folder), os.environ.get(variable)]))


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            raise NotServed(f"The server ended with {server.returncode} before it answered.")
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        time.sleep(0.1)
    raise NotServed(f"The server did not answer on port {port} within {_PATIENCE:.0f} seconds.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server as Ctrl-C would, so that it ends its kernels; by force where it is deaf."""
    ways: tuple[Callable[[], None], ...]
    if os.name == "posix":
        ways = (partial(server.send_signal, signal.SIGINT), server.terminate, server.kill)
    else:
        ways = (server.terminate, server.kill)
    for end in ways:
        if server.poll() is not None:
            return
        # The terminal hands Ctrl-C to the server too, and a second one may come while it ends.
        with contextlib.suppress(KeyboardInterrupt):
            end()
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=_UNTIL_FORCE)


def _checked(port: int | None, package: str, page: str = "scenarios") -> int:
    """Return the port to use; refuse one that is taken, a package that is missing, a page."""
    problems = []
    if page not in PAGES:
        problems.append(Problem(None, None, "page", repr(page), ", ".join(PAGES),
                                nearest(page, PAGES)))
    if find_spec(package) is None:
        problems.append(Problem(None, None, package, "not installed",
                                'what `make env` installs: pip install -e ".[app]"'))
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port or 0))
            port = int(probe.getsockname()[1])
        except OSError as error:
            problems.append(Problem(None, None, "port", str(port), "a free port",
                                    error.strerror or ""))
    if problems:
        raise InputError(problems)
    return int(port or 0)
