"""The app as an ASGI application, for `streamlit run`: app.py and its pages, whose sessions wait for the imports."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from scripts.preparing import SessionsWait

app = st.App(Path(__file__).parents[1] / "app.py", middleware=[Middleware(SessionsWait)])
