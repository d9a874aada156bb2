"""The app as an ASGI application, for `streamlit run`: app.py and its pages, whose sessions wait for the imports.

It stands at the top because Streamlit reads `.streamlit/config.toml` beside the file that it runs, whatever folder one starts from.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from scripts.preparing import SessionsWait

app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(SessionsWait)])
