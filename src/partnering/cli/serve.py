"""``partnering serve``: the site and the SPARQL endpoint."""

from __future__ import annotations

import signal
import threading
import urllib.request
from types import FrameType

import click

from partnering.cli import options
from partnering.workspace import Workspace


@click.command()
@options.workspace
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535),
              help="Port to listen on; 0 takes a free one.")  # fmt: skip
@click.option("--base-url", metavar="URL",
              help="Address under which the site is known outside, for links in data.")  # fmt: skip
def serve(workspace: Workspace, host: str, port: int, base_url: str | None) -> None:
    """Build what is stale, then serve the site and the SPARQL endpoint until interrupted.

    Where a check fails, the last good index is served and every page says so.
    """
    from partnering.service import Service

    # Before anything is started: a signal from now on leads through the clean-up below.
    signal.signal(signal.SIGTERM, _leave)
    service = Service.open(workspace, echo=click.echo)
    try:
        if service.stale:
            click.echo(f"Serving the last good index, since the build failed:\n{service.stale}",
                       err=True)  # fmt: skip
        from partnering.webui import create_app
        from partnering.webui.server import listen

        server = listen(host, port)
        address = f"http://{_shown(host)}:{server.effective_port}"
        server.application = create_app(service, base_url=base_url or address)
        threading.Thread(target=_announce, args=(address,), daemon=True).start()
        server.run()
    except (KeyboardInterrupt, SystemExit):
        click.echo("Stopped.")
    finally:
        service.close()


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _announce(address: str) -> None:
    """Say where it serves once it has really answered."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{address}/healthz", timeout=60) as answer:
        answer.read()
    click.echo(f"Serving on {address}")


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
