"""Adding a page takes what CONTRIBUTING.md says: a folder, a page file, a line in the list."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PAGE = '''"""A page of its own."""

import streamlit as st

from app.controls import sidebar

recipe = sidebar.show("gate")
st.title("A new question")
st.caption(recipe.dataset)
'''
LINE = '    ("new_page", "New page", ":material/add:"),\n'
VISIT = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app/main.py", default_timeout=60).run()
app.switch_page("../pages/new_page/page.py").run()
assert not app.exception, app.exception
print(app.title[0].value, "|", app.caption[-1].value)
"""


def test_a_folder_with_a_page_and_a_line_in_the_list_are_enough(tmp_path: Path) -> None:
    for folder in ("app", "pages"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for linked in ("rbm_core", ".streamlit"):
        (tmp_path / linked).symlink_to(ROOT / linked)
    (tmp_path / "pages" / "new_page").mkdir()
    (tmp_path / "pages" / "new_page" / "page.py").write_text(PAGE)
    shell = tmp_path / "app" / "shell.py"
    listed, opening = shell.read_text(), "PAGES = (\n"
    assert opening in listed
    end = listed.index("\n)\n", listed.index(opening)) + 1
    shell.write_text(listed[:end] + LINE + listed[end:])

    visit = subprocess.run(
        [sys.executable, "-c", VISIT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert visit.returncode == 0, visit.stderr
    assert visit.stdout.strip() == "A new question | xor"
