"""A person at a browser, without the browser: speaks Streamlit's own protocol (protobuf over a websocket) with a running app."""

import asyncio
import json
import re
import time
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

TIMEOUT_SECONDS = 60.0
_USER_KEY = re.compile(r"\$\$ID-[^-]*-(.*)")
NAME = re.compile(rb"visitor\d\dx")  # whole: a text cut short must not look like another visitor
_FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class WentWrong(Exception):
    """The screen showed an error, or no answer came."""


class Visitor:
    """One tab. `components` are the v2 components on the screen by their key: (id, id of the fragment, the data as JSON)."""

    def __init__(self, address: str) -> None:
        self._url = address.replace("http://", "ws://") + "/_stcore/stream"
        self._query = ""
        self._values: dict[str, WidgetState] = {}
        self._pages: dict[str, str] = {}
        self.page = ""
        self.components: dict[str, tuple[str, str, object]] = {}
        self.texts: list[str] = []  # HTML and notices of the last run
        self.n_bytes = 0
        self.names: set[bytes] = set()  # what was sent that looks like the name of a visitor

    async def open(self, page: str = "", **parameters: object) -> float:
        """Open an address; returns the seconds until its script has run to its end."""
        start = time.perf_counter()
        self._socket = await websockets.connect(
            self._url,
            subprotocols=["streamlit"],
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=TIMEOUT_SECONDS,
        )
        self._query = urlencode(parameters)
        await self._send(ClientState(query_string=self._query, page_name=page))
        await self._finish()
        return time.perf_counter() - start

    async def close(self) -> None:
        """Close the tab."""
        await self._socket.close()

    async def type(self, key: str, **state: object) -> float:
        """Change the state of a component."""
        element, fragment, _ = self.components[key]
        self._values[element] = WidgetState(id=element, json_value=json.dumps(state))
        return await self._rerun(fragment)

    async def trigger(self, key: str, event: str, value: object) -> float:
        """What a click on a component sends."""
        element, fragment, _ = self.components[key]
        name = f"$$STREAMLIT_INTERNAL_KEY_{element}__events"
        payload = json.dumps([{"event": event, "value": value}])
        return await self._rerun(fragment, WidgetState(id=name, json_trigger_value=payload))

    async def switch(self, page: str) -> float:
        """Go to another screen by a link of the menu, which carries the address along."""
        self.page = page
        self._values.clear()
        self.components.clear()
        return await self._rerun("")

    async def _rerun(self, fragment: str, *triggers: WidgetState) -> float:
        start = time.perf_counter()
        state = ClientState(query_string=self._query, page_script_hash=self._pages[self.page], fragment_id=fragment)
        state.widget_states.widgets.extend([*self._values.values(), *triggers])
        await self._send(state)
        await self._finish()
        return time.perf_counter() - start

    async def _send(self, state: ClientState) -> None:
        state.context_info.color_scheme = "light"
        await self._socket.send(BackMsg(rerun_script=state).SerializeToString())

    async def _finish(self) -> None:
        """Take in what the server sends until the script has run to its end. Raises WentWrong."""
        self.texts = []
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                while True:
                    data = await self._socket.recv()
                    self.n_bytes += len(data)
                    self.names.update(NAME.findall(data))
                    if self._take_in(ForwardMsg.FromString(data)):
                        break
        except TimeoutError:
            raise WentWrong("no answer") from None
        for text in self.texts:
            if 'class="ts-error"' in text:
                raise WentWrong(re.sub("<[^>]*>", " ", text).strip())

    def _take_in(self, message: ForwardMsg) -> bool:
        """Remember what is needed of a message; whether it was the last of a run."""
        what = message.WhichOneof("type")
        if what == "navigation":
            for page in message.navigation.app_pages:
                name = "" if page.is_default else page.url_pathname
                self._pages[name] = page.page_script_hash
                if page.page_script_hash == message.navigation.page_script_hash:
                    self.page = name
        elif what == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif what == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._take_in_element(message.delta.new_element, message.delta.fragment_id)
        return what == "script_finished" and message.script_finished in _FINISHED

    def _take_in_element(self, element, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise WentWrong(f"{element.exception.type}: {element.exception.message}")
        if kind == "html":
            self.texts.append(element.html.body)
        elif kind == "toast":
            self.texts.append(element.toast.body)
        elif kind == "bidi_component":
            component = element.bidi_component
            if found := _USER_KEY.fullmatch(component.id):
                data = json.loads(component.json) if component.json else None
                self.components[found[1]] = component.id, fragment, data
