"""``fake-webflow serve`` up to where it is ready, to be profiled."""

from __future__ import annotations

import io
import os
import signal
import sys

from fake_webflow.cli import main


class _EndsWhenReady(io.StringIO):
    def flush(self) -> None:
        """Stops the server, which has just said that it is ready."""
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.stdout = _EndsWhenReady()
    main(["serve", "--port", "0", "--json"])
