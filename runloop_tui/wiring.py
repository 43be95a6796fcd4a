"""Builds client, store, poller, actions and logs out of the settings, for whoever needs them: the app, and commands."""

import random
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runloop_tui import __version__
from runloop_tui.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from runloop_tui.api.client import Client
    from runloop_tui.api.models import BenchmarkRun, ScenarioRun
    from runloop_tui.clock import Clock
    from runloop_tui.history.history import History
    from runloop_tui.history.recorder import Fingerprint
    from runloop_tui.logs.downloads import Download
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher
    from runloop_tui.ui.connection import Connection, Feed, Options

_DEMO_ADDRESS = "https://demo.invalid"
_DEMO_AWAY_MS = 3 * 3_600_000


def options_of(settings: Settings) -> "Options":
    """Return what the screens need to know of the settings."""
    from runloop_tui.present.links import platform_address
    from runloop_tui.ui.connection import DEMO_SERVER, Options

    address = urlsplit(settings.base_url)
    return Options(
        server=DEMO_SERVER if settings.demo else address.netloc,
        platform=None if settings.demo else platform_address(settings.base_url),
        address=_DEMO_ADDRESS if settings.demo else settings.base_url,
        address_source=settings.address_source,
        key_source=settings.key_source,
        demo=settings.demo,
        interval_s=settings.interval_s,
        run_id=settings.run_id,
        job_id=settings.job_id,
        read_only=settings.read_only,
        bell=settings.bell,
        title=settings.title,
        theme=settings.theme,
        downloads=str(settings.download_folder()),
        without_key=settings.api_key is None and not settings.demo,
    )


def connection(
    settings: Settings,
    feed: "Feed",
    clock: "Clock",
    *,
    client: "Client | None" = None,
    jitter: Callable[[], float] = random.random,
) -> "Connection":
    """Build what the app talks to; `client` is that of the settings unless given.

    Imports httpx and pydantic: call it in a thread, after the first paint.
    """
    import asyncio

    from runloop_tui.api.states import is_terminal
    from runloop_tui.logs.downloads import Downloads
    from runloop_tui.logs.storage import ReadingFolder, archive_name
    from runloop_tui.monitor.actions import Actions
    from runloop_tui.monitor.back_off import PollInterval
    from runloop_tui.monitor.fetch_benchmarks import BenchmarkList
    from runloop_tui.monitor.fetch_devbox_logs import DevboxLogFetcher, rest_between_looks_s
    from runloop_tui.monitor.poller import Poller
    from runloop_tui.monitor.start_run import Starts
    from runloop_tui.monitor.store import Store
    from runloop_tui.ui.connection import Connection

    client = client or client_of(settings, clock)
    store = Store()
    store.subscribe(feed.on_snapshot)
    monitor = Poller(
        client,
        store,
        PollInterval(settings.interval_s),
        now=clock,
        jitter=jitter,
        on_error=feed.on_fault,
    )
    monitor.subscribe(feed.on_health)
    downloads = Downloads(now=clock, on_change=feed.on_download, limits=settings.limits)

    reading = ReadingFolder(settings.cache_folder())

    def fetch(
        thing: "BenchmarkRun | ScenarioRun", folder: "Path", *, is_private: bool
    ) -> "Download":
        is_run = store.knows_run(thing.id)
        ask = client.download_benchmark_run_logs if is_run else client.download_scenario_run_logs
        is_final = is_terminal(thing.state)
        return downloads.start(
            thing.id,
            thing.name or thing.id,
            lambda: ask(thing.id),
            folder,
            archive_name(thing.name, thing.id, is_whole=is_final),
            is_final=is_final,
            is_private=is_private,
        )

    def fetch_logs(thing: "BenchmarkRun | ScenarioRun") -> "Download":
        return fetch(thing, settings.download_folder(), is_private=False)

    def read_logs(thing: "BenchmarkRun | ScenarioRun") -> "Download":
        if (kept := downloads.kept(thing.id)) is not None:
            return kept
        reading.make_room()
        return fetch(thing, reading.path, is_private=True)

    async def close() -> None:
        await client.aclose()
        await asyncio.to_thread(reading.remove)

    def follow_devbox(devbox_id: str) -> "DevboxLogFetcher":
        log = DevboxLogFetcher(
            devbox_id,
            client.get_devbox_logs,
            PollInterval(rest_between_looks_s(settings.interval_s)),
            now=lambda: clock() + client.skew_ms,
            jitter=jitter,
            refresh=monitor.refresh_log,
        )
        monitor.follow_log(log)
        return log

    return Connection(
        store=store,
        monitor=monitor,
        actions=Actions(
            client,
            store,
            refresh=monitor.refresh,
            is_unreachable=lambda: monitor.is_unreachable,
        ),
        starts=Starts(
            client,
            store,
            refresh=monitor.refresh,
        ),
        benchmarks=BenchmarkList(client),
        downloads=downloads,
        limits=settings.limits,
        fetch_logs=fetch_logs,
        read_logs=read_logs,
        follow_devbox=follow_devbox,
        open_history=history_opener(settings, clock, reading.path),
        close=close,
    )


def history_opener(
    settings: Settings, clock: "Clock", folder: "Path"
) -> "Callable[[], Awaitable[History]] | None":
    """Return what opens the history of the account; None where none is kept.

    The made-up account has a file of its own in `folder`, which is removed at the end. Of it, someone looked 3 hours
    ago, so that there is something to tell.
    """
    if not settings.keeps_history:
        return None
    is_made_up = settings.history is None and _is_demo(settings)

    def prepare() -> "tuple[Path, str, Fingerprint]":
        """Import what the history needs, and return the file, the account and how errors are grouped."""
        import runloop_tui.history.history  # noqa: F401
        from runloop_tui.analysis.reasons import fingerprint, reason_of_run
        from runloop_tui.history.schema import account_key

        return (
            folder / "history.db" if is_made_up else settings.history_file(),
            account_key(_DEMO_ADDRESS if _is_demo(settings) else settings.base_url),
            lambda scenario_run, failure: fingerprint(reason_of_run(scenario_run, failure)),
        )

    async def open_history() -> "History":
        import asyncio

        path, account, fingerprint = await asyncio.to_thread(prepare)
        from runloop_tui.history.history import History

        history = await History.open(path, account, fingerprint=fingerprint)
        if is_made_up:
            history.mark_looked(clock() - _DEMO_AWAY_MS)
        return history

    return open_history


def _is_demo(settings: Settings) -> bool:
    return settings.demo or settings.api_key is None


def client_of(settings: Settings, clock: "Clock") -> "Client":
    """Return a client of the base URL, or of the embedded demo."""
    from runloop_tui.api.client import Client

    if _is_demo(settings):
        from runloop_tui.demo.transport import DemoTransport
        from runloop_tui.demo.world import World

        transport = DemoTransport(World(clock))
        return Client(_DEMO_ADDRESS, None, now=clock, transport=transport, version=__version__)
    try:
        client = Client(settings.base_url, settings.api_key, now=clock, version=__version__)
    except ValueError as error:
        # A crash shows what the functions on the way to it held, and those in there held the key.
        raise ValueError(str(error)) from None
    client.prepare()
    return client
