"""``partnering serve``: the site and the SPARQL endpoint."""

from __future__ import annotations

import signal
import sys
import threading
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO, TYPE_CHECKING

import click

from partnering.cli import configured, endpoint
from partnering.errors import Missing
from partnering.workspace import Workspace

if TYPE_CHECKING:
    from partnering.service import Service
    from partnering.store.room import Limits


@click.command()
@configured.workspace("serve")
@configured.option("--host", default="127.0.0.1", help="Address to listen on.")
@configured.option("--port", default=8000, type=click.IntRange(0, 65535),
                   help="Port to listen on; 0 takes a free one.")  # fmt: skip
@configured.option("--base-url", metavar="URL",
                   help="Address under which the site is known outside.")  # fmt: skip
@endpoint.address(help="Answer from this SPARQL engine, which 'partnering push' filled.")
@configured.option("--graph-base", metavar="IRI",
                   help="Take every graph whose name begins so, not those that were pushed.")  # fmt: skip
@configured.option("--dataset", type=click.Choice(["named", "whole"]), default="named",
                   help="Name the graphs in each query, or trust the engine's default graph"
                   " to be the union of all.")  # fmt: skip
@endpoint.auth
@configured.option("--readers", type=click.IntRange(1, 256),
                   help="Strangers' queries that run at once; one a core unless said.")  # fmt: skip
@configured.option("--deadline", default=10.0, type=click.FloatRange(0.1, 3600),
                   help="Seconds a stranger's query may take.")  # fmt: skip
@configured.option("--memory", default=512, type=click.IntRange(16, 1 << 20),
                   help="MiB a stranger's query may take.")  # fmt: skip
@configured.option("--max-rows", default=1_000_000, type=click.IntRange(1),
                   help="Rows or triples of an answer.")  # fmt: skip
@configured.option("--query-budget", default=60.0, type=click.FloatRange(0),
                   help="Seconds of long queries one address may use up before it has to wait;"
                   " 0 for no end. Half a second comes back each second.")  # fmt: skip
@configured.option("--trusted-proxy", metavar="ADDRESS",
                   help="Proxy whose X-Forwarded-For is believed.")  # fmt: skip
@configured.option("--access-log", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True),
                   help="Write a line of JSON for each answer; - for standard error.")  # fmt: skip
def serve(
    workspace: Workspace,
    host: str,
    port: int,
    base_url: str | None,
    endpoint: str | None,
    graph_base: str | None,
    dataset: str,
    auth: str | None,
    readers: int | None,
    deadline: float,
    memory: int,
    max_rows: int,
    query_budget: float,
    trusted_proxy: str | None,
    access_log: Path | None,
) -> None:
    """Build what is stale, then serve the site and the SPARQL endpoint until interrupted.

    Where a check fails, the last good index is served and every page says so. An option that is
    not given is taken from the environment, then from the section 'serve:' of partnering.yaml.
    """
    from partnering.service import Service
    from partnering.store.room import Limits

    # Before anything is started: a signal from now on leads through the clean-up below.
    signal.signal(signal.SIGTERM, _leave)
    # A shell starts what runs in the background deaf to it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    limits = Limits(deadline=deadline, memory=memory << 20, max_rows=max_rows)
    out = _log(access_log)
    if endpoint:
        service = _distant(workspace, endpoint, auth, graph_base, dataset, readers, limits)
    else:
        service = Service.open(workspace, readers=readers, limits=limits, echo=click.echo,
                               meanwhile=_load_pages)  # fmt: skip
    try:
        if service.stale:
            why = "" if endpoint else "Serving the last good index, since the build failed:\n"
            click.echo(f"{why}{service.stale}", err=True)
        from partnering.webui import create_app
        from partnering.webui.serving.access import logged
        from partnering.webui.serving.server import listen
        from partnering.webui.serving.warming import Warming

        server = listen(host, port, trusted_proxy=trusted_proxy)
        address = f"http://{_shown(host)}:{server.effective_port}"
        app = create_app(service, base_url=base_url, address=address, query_budget=query_budget)
        server.threads += service.readers + limits.max_waiting
        server.application = logged(app, out) if out else app
        Warming(app).start()
        threading.Thread(target=_announce, args=(address,), daemon=True).start()
        server.run()
    except (KeyboardInterrupt, SystemExit):
        click.echo("Stopped.")
    finally:
        service.close()


def _load_pages() -> None:
    """What the pages need, which takes as long to load as the index of a small site."""
    import partnering.webui
    import partnering.webui.serving.server
    import partnering.webui.serving.warming  # noqa: F401


def _distant(
    workspace: Workspace,
    endpoint: str,
    auth: str | None,
    graph_base: str | None,
    dataset: str,
    readers: int | None,
    limits: Limits,
) -> Service:
    from partnering.cli.endpoint import signed
    from partnering.distant import open_service
    from partnering.store.remote import RemoteEngine

    engine = RemoteEngine(
        endpoint,
        auth=signed(auth),
        timeout=limits.deadline,
        max_rows=limits.max_rows,
        max_bytes=limits.max_bytes,
        size=readers or 8,
        whole=dataset == "whole",
    )
    click.echo(f"Answering from {endpoint}")
    return open_service(workspace, engine, graph_base=graph_base)


def _log(path: Path | None) -> IO[str] | None:
    if path is None or str(path) == "-":
        return sys.stderr if path else None
    try:
        return path.open("a", encoding="utf-8")
    except OSError as error:
        raise Missing(
            f"The access log cannot be written: {error.strerror}.",
            where=str(path),
            mend="name a file in a folder you may write to, or -",
        ) from error


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
