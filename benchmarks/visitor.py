"""A visitor of the dashboard without a browser: one raw websocket that speaks Streamlit's protocol.

What a browser does, and what it costs the server, is the same: it opens a page by its address,
learns the pages' hashes from the `navigation` message, names buttons by their ids, redraws
fragments at the interval that an `auto_rerun` message asks for, and remembers long messages, which
the server then sends by their hash. Only the drawing is left out.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.redraws import Redraws

__all__ = ["Button", "Visitor", "visit"]

FULL, FRAGMENT = ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
# Half a minute without an answer is a failure, whatever the load.
PATIENCE_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button on the page.

    Attributes:
        id: What the server knows it by.
        fragment: The fragment it stands in, or "".
        enabled: Whether it can be clicked.
    """

    id: str
    fragment: str
    enabled: bool


@dataclass
class Runs:
    """Runs of the script: how many have begun, and the number of the last one that finished."""

    begun: int = 0
    finished: int = 0


@dataclass(eq=False)
class Visitor:
    """One open page, as the server sees it.

    Attributes:
        socket: The connection.
        buttons: The buttons on the page by key.
        blocks: Keys of the containers on the page, and when each was last drawn.
        redraws: How often the screen was redrawn.
        problems: What went wrong, a line each.
    """

    socket: ClientConnection
    buttons: dict[str, Button] = field(default_factory=dict)
    blocks: dict[str, float] = field(default_factory=dict)
    redraws: Redraws = field(init=False)
    problems: list[str] = field(default_factory=list)
    _hashes: dict[str, str] = field(default_factory=dict)
    _page: str = ""
    _query: str = ""
    _drawn: set[str] = field(default_factory=set)
    _choices: dict[str, list[str]] = field(default_factory=dict)
    _kept: dict[str, ForwardMsg] = field(default_factory=dict)
    _page_runs: Runs = field(default_factory=Runs)
    _all_runs: Runs = field(default_factory=Runs)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Be ready to ask for fragments."""
        self.redraws = Redraws(lambda part: self._send(fragment=part, is_auto_rerun=True))

    async def open(self, page: str, query: str = "") -> float:
        """Open a page by its address; return the seconds until it stood.

        Args:
            page: Its name in the address.
            query: The address' query.
        """
        self._query = query
        return await self._ask(page_name=page)

    async def go_to(self, page: str) -> float:
        """Choose a page in the navigation; return the seconds until it stood.

        Args:
            page: Its name in the address; the landing page's is "".
        """
        self._page, self._query = self._hashes[page], ""
        return await self._ask()

    def can_click(self, key: str) -> bool:
        """Whether a button is there and enabled.

        Args:
            key: The button's key.
        """
        return key in self.buttons and self.buttons[key].enabled

    async def click(self, key: str) -> float:
        """Click a button; return the seconds until the page stood again.

        Args:
            key: The button's key.
        """
        await self.until(lambda: self.can_click(key))
        button = self.buttons[key]
        return await self._ask(trigger=button.id, fragment=button.fragment)

    async def until(self, happened: Callable[[], bool], patience: float = PATIENCE_S) -> None:
        """Wait for something the server tells.

        Args:
            happened: Looked at after every message.
            patience: Seconds.

        Raises:
            TimeoutError: If it did not happen.
        """
        async with asyncio.timeout(patience):
            while not happened():
                self._news.clear()
                await self._news.wait()

    async def listen(self) -> None:
        """Take in what the server sends, until the connection ends."""
        async for data in self.socket:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            self._take(self._whole(message))
            self._news.set()

    async def _ask(self, *, page_name: str = "", trigger: str = "", fragment: str = "") -> float:
        """Ask for a run of the script and wait until one that began after that has finished."""
        runs = self._all_runs if fragment else self._page_runs
        began, before = time.perf_counter(), runs.begun
        await self._send(page_name=page_name, trigger=trigger, fragment=fragment)
        await self.until(lambda: runs.finished > before)
        return time.perf_counter() - began

    async def _send(
        self,
        *,
        page_name: str = "",
        trigger: str = "",
        fragment: str = "",
        is_auto_rerun: bool = False,
    ) -> None:
        back = BackMsg()
        state = back.rerun_script
        state.query_string, state.page_name = self._query, page_name
        state.page_script_hash = self._page
        state.fragment_id, state.is_auto_rerun = fragment, is_auto_rerun
        state.cached_message_hashes.extend(self._kept)
        for widget, chosen in self._choices.items():
            state.widget_states.widgets.add(id=widget).string_array_value.data.extend(chosen)
        if trigger:
            state.widget_states.widgets.add(id=trigger, trigger_value=True)
        await self.socket.send(back.SerializeToString())

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """Keep a message that may be sent by its hash from now on; look such a one up."""
        if message.WhichOneof("type") == "ref_hash":
            kept = self._kept[message.ref_hash]
            kept.metadata.CopyFrom(message.metadata)
            return kept
        if message.metadata.cacheable:
            self._kept[message.hash] = message
        return message

    def _take(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        whole_page = not message.metadata.run.fragment_ids
        if kind == "delta":
            self._draw(message.delta)
        elif kind == "new_session":
            self._all_runs.begun += 1
            if whole_page:
                self._begin_page()
        elif kind == "navigation":
            pages = message.navigation.app_pages
            self._page = message.navigation.page_script_hash
            self._hashes = {page.url_pathname: page.page_script_hash for page in pages}
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.redraws.start(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self.redraws.stop(list(message.stop_auto_rerun.fragment_ids))
        elif kind == "script_finished":
            self._finish(message.script_finished)

    def _begin_page(self) -> None:
        self._page_runs.begun += 1
        self._drawn.clear()
        self.redraws.stop()

    def _finish(self, status: int) -> None:
        if status == FULL:
            self._page_runs.finished = self._page_runs.begun
            self._drop_what_was_not_drawn()
        if status in (FULL, FRAGMENT):
            self._all_runs.finished = self._all_runs.begun
            self.redraws.count()
        elif status == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.problems.append("the script does not compile")

    def _drop_what_was_not_drawn(self) -> None:
        """A page keeps what it shows until the next one stands."""
        for shown in (self.buttons, self._choices):
            for key in set(shown) - self._drawn:
                shown.pop(key)

    def _draw(self, delta: Delta) -> None:
        if delta.WhichOneof("type") == "add_block":
            if key := _key(delta.add_block.id):
                self.blocks[key] = time.perf_counter()
            return
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "button":
            key = _key(element.button.id)
            self._drawn.add(key)
            self.buttons[key] = Button(
                id=element.button.id,
                fragment=delta.fragment_id,
                enabled=not element.button.disabled,
            )
        elif kind == "button_group":
            group = element.button_group
            default = [group.options[place].content for place in group.default]
            self._drawn.add(group.id)
            self._choices[group.id] = list(group.raw_values) if group.set_value else default
        elif kind == "exception":
            self.problems.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == Alert.ERROR:
            self.problems.append(element.alert.body)


async def visit(address: str, errand: Callable[[Visitor], Awaitable[None]]) -> Visitor:
    """Connect, run an errand, and leave; what goes wrong is among the visitor's problems.

    Args:
        address: The dashboard's.
        errand: What the visitor does.
    """
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(url, max_size=None, subprotocols=["streamlit"]) as socket:  # type: ignore[list-item]
        visitor = Visitor(socket)
        listening = asyncio.create_task(visitor.listen())
        try:
            await errand(visitor)
        except TimeoutError:
            visitor.problems.append("no answer in time")
        except ConnectionClosed as error:
            visitor.problems.append(f"the connection ended: {error}")
        finally:
            visitor.redraws.stop()
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionClosed):
                await listening
    return visitor


def _key(widget: str) -> str:
    """The key within an id such as $$ID-<hash>-<key>; "" where the widget has none."""
    parts = widget.split("-", 2)
    return parts[2] if len(parts) == 3 and parts[2] != "None" else ""
