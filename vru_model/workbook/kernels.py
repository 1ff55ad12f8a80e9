"""The kernels of pages as Voilà keeps them: one whose window is gone does not live on."""

from __future__ import annotations

import time
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Float


class PageKernels(AsyncMappingKernelManager):
    """Ends the kernel of a window that was open and is gone, whatever it is doing.

    A window that is closed ends its kernel itself. One that is lost with its browser cannot, and
    the server's own rule would wait until nothing is published any more: a run would go on for
    nobody, and its session would stay locked. Kernels that no window has reached yet, because
    their page is still being made, are left to that rule.
    """

    gone_timeout = Float(10.0, config=True, help="Seconds that a kernel outlives its window.")

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._gone: dict[str, float] = {}  # kernel → since when no window is connected to it

    def notify_connect(self, kernel_id: str) -> None:
        """Note that a window is connected."""
        super().notify_connect(kernel_id)
        self._gone.pop(kernel_id, None)

    def notify_disconnect(self, kernel_id: str) -> None:
        """Note that a window is gone; it may come back."""
        super().notify_disconnect(kernel_id)
        if kernel_id in self and not self._kernel_connections.get(kernel_id):
            self._gone[kernel_id] = time.monotonic()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End a kernel whose window has been gone for too long; else go by the server's rule.

        A kernel that has only just started is passed over: until its start is noted as its first
        activity the server's rule would fail on it.
        """
        if not self._kernels[kernel_id].trait_has_value("last_activity"):
            return
        since = self._gone.get(kernel_id)
        if since is None or time.monotonic() - since < self.gone_timeout:
            await super().cull_kernel_if_idle(kernel_id)
            return
        del self._gone[kernel_id]
        await self.shutdown_kernel(kernel_id)
