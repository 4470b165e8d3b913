"""Whatever a visitor does, in any order: nothing raises, no run is lost, the link says it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from unittest import mock

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from streamlit.testing.v1 import AppTest

from app.gates.desk import GateDesk
from app.jobs.scheduler import scheduler
from app.session import state
from app.session.link import RUN_NAMES, read_link
from app.session.state import Session
from pages.images.desk import ImageDesk
from pages.train_a_gate import actions
from rbm_core import Recipe

MAIN = str(Path(__file__).resolve().parents[3] / "app" / "main.py")
PAGES = ("flip_a_bit", "train_a_gate", "gibbs_steps", "images")
BUTTONS = ("train", "pause", "step", "rewind", "new_start", "start_anew", "flip_output")
SETTINGS: dict[str, tuple[str, dict[state.Kind, tuple[Any, ...]]]] = {
    "k": ("slider", {"gate": (4, 30), "image": (1, 2)}),
    "n_hidden": ("slider", {"gate": (2, 4), "image": (16, 64)}),
    "epochs": ("slider", {"gate": (1, 2), "image": (1, 2)}),
    "learning_rate": ("select_slider", {"gate": (0.1, 1.0), "image": (0.1, 0.3)}),
    "scheme": ("selectbox", {"gate": ("cd", "pcd"), "image": ("cd", "pcd")}),
    "preset": (
        "selectbox",
        {"gate": ("xor-ready", "and-from-scratch"), "image": ("small-digits", "bars-and-stripes")},
    ),
    "dataset": (
        "selectbox",
        {"gate": ("and", "or"), "image": ("digits", "bars-and-stripes-2x2")},
    ),
}


class Visit(RuleBasedStateMachine):
    """One visitor, and the settings of the runs that were begun and not started over."""

    app: AppTest
    begun: set[Recipe]

    @property
    def here(self) -> Session:
        return cast("Session", self.app.session_state["rbm_lab_session"])

    def runs(self) -> dict[Recipe, Any]:
        """The visitor's runs that can be found, by what they were asked for with."""
        found: dict[Recipe, Any] = {}
        for kind in (GateDesk, ImageDesk):
            desk = self.here.of_pages.get(kind)
            if isinstance(desk, GateDesk | ImageDesk):
                jobs = [*desk.shelf.jobs, desk.job]
                found |= {job.asked: job for job in jobs if job and job.owner == self.here.owner}
        return found

    def after(self, app: AppTest) -> None:
        self.app = app
        assert not app.exception, [entry.stack_trace for entry in app.exception]
        self.begun |= {asked for asked, job in self.runs().items() if job.state != "ready"}

    @initialize()
    def open(self) -> None:
        self.begun = set()
        app = AppTest.from_file(MAIN, default_timeout=60)
        app.query_params["epochs"] = "1"
        self.after(app.run())

    @rule(page=st.sampled_from(PAGES))
    def switch_page(self, page: str) -> None:
        self.after(self.app.switch_page(f"../pages/{page}/page.py").run())

    @rule(key=st.sampled_from(sorted(SETTINGS)), second=st.booleans())
    def change(self, key: str, *, second: bool) -> None:
        control, values = SETTINGS[key]
        value = values[self.here.kind][second]
        self.after(getattr(self.app, control)(key=key).set_value(value).run())

    @rule(key=st.sampled_from(BUTTONS))
    def press(self, key: str) -> None:
        found = [button for button in self.app.button if button.key == key and not button.disabled]
        if not found:
            return
        if key == "rewind":
            self.begun.discard(self.here.recipes[self.here.kind])
        self.after(found[0].click().run())

    @rule()
    def fork(self) -> None:
        desk = self.here.of_pages.get(GateDesk)
        if not isinstance(desk, GateDesk) or desk.job is None or self.here.kind != "gate":
            return
        with mock.patch.object(state, "session", return_value=self.here):
            actions.fork_from(len(desk.job.snapshot.frames) // 2)
        self.after(self.app.run())

    @rule()
    def reload(self) -> None:
        address = {name: self.app.query_params[name] for name in self.app.query_params}
        scheduler().detach(self.here.owner)
        app = AppTest.from_file(MAIN, default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        before = self.here
        app.run()
        self.app = app
        # A page's own runs come back when it is visited.
        for page in ("images", "train_a_gate"):
            app.switch_page(f"../pages/{page}/page.py").run()
        kind = before.kind
        assert self.here.recipes[kind] == before.recipes[kind]
        assert self.here.presets[kind] == before.presets[kind]
        self.after(app)

    @invariant()
    def no_run_is_lost(self) -> None:
        assert self.begun <= set(self.runs())

    @invariant()
    def the_link_reopens_what_is_set(self) -> None:
        kind = self.here.kind
        address = {name: self.app.query_params[name] for name in self.app.query_params}
        link = read_link({name: v if isinstance(v, str) else v[0] for name, v in address.items()})
        assert (link.recipe, link.preset) == (self.here.recipes[kind], self.here.presets[kind])
        assert dict(link.extras) == self.here.extras
        assert link.complaints == ()
        assert set(self.here.runs) <= set(RUN_NAMES)

    def teardown(self) -> None:
        for job in self.runs().values():
            scheduler().forget(job)


Visit.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # finding a shorter visit takes minutes
    suppress_health_check=list(HealthCheck),
)
test_visit_in_any_order = Visit.TestCase
