"""What becomes of the kernel of a window that is gone; Voilà's server is not started."""

from __future__ import annotations

import asyncio
import datetime
import logging

import pytest

kernelmanager = pytest.importorskip("jupyter_server.services.kernels.kernelmanager")


@pytest.fixture
def kernels(monkeypatch):
    """Return the manager of one kernel, what it ended, and a clock."""
    from vru_model.workbook.kernels import PageKernels

    made, ended, left, now = PageKernels(), [], [], [100.0]
    started = kernelmanager.ServerKernelManager(last_activity=datetime.datetime.now(datetime.UTC))
    made._kernels, made._kernel_connections = {"one": started}, {"one": 0}

    async def shutdown(kernel_id):
        ended.append(kernel_id)

    async def by_the_rule(self, kernel_id):
        left.append(kernel_id)

    monkeypatch.setattr(made, "shutdown_kernel", shutdown)
    monkeypatch.setattr(kernelmanager.AsyncMappingKernelManager, "cull_kernel_if_idle", by_the_rule)
    monkeypatch.setattr("vru_model.workbook.kernels.time.monotonic", lambda: now[0])

    def look(seconds):
        now[0] += seconds
        asyncio.run(made.cull_kernel_if_idle("one"))
        return list(ended), len(left)

    return made, look


def test_a_kernel_ends_soon_after_its_last_window_is_gone(kernels):
    made, look = kernels
    made.notify_connect("one")
    made.notify_connect("one")
    made.notify_disconnect("one")
    assert look(60) == ([], 1)  # another window is there
    made.notify_disconnect("one")
    assert look(5) == ([], 2)
    assert look(6) == (["one"], 2)


def test_a_window_that_comes_back_keeps_its_kernel(kernels):
    made, look = kernels
    made.notify_connect("one")
    made.notify_disconnect("one")
    assert look(5) == ([], 1)
    made.notify_connect("one")
    assert look(60) == ([], 2)


def test_a_kernel_whose_page_is_still_being_made_is_left_to_the_server_s_rule(kernels):
    _, look = kernels
    assert look(300) == ([], 1)


def test_a_kernel_that_has_only_just_started_trips_nobody(caplog):
    from vru_model.workbook.kernels import PageKernels

    made = PageKernels(log=logging.getLogger("page"))
    starting = kernelmanager.ServerKernelManager()  # nothing has noted its first activity yet
    made._kernels, made._kernel_connections = {"one": starting}, {"one": 0}
    made.notify_disconnect("one")
    with caplog.at_level(logging.WARNING):
        asyncio.run(made.cull_kernels())
    assert not caplog.records and list(made._kernels) == ["one"]
