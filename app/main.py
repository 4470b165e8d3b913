"""Entry of the dashboard: `python -m streamlit run app/main.py` from the repository's root.

This file is read twice: the server imports it once to find `app`, and each page view runs it as a
script inside the server that then exists.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Streamlit puts the folder of this file on the path, not its parent.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402  (after the path is set)
from streamlit import runtime  # noqa: E402

from app import assets, boot  # noqa: E402

if runtime.exists():
    from app import shell

    shell.run(ROOT / "pages")
else:
    app = st.App(Path(__file__).resolve(), routes=assets.routes(), lifespan=boot.lifespan)
