"""The one owner of session state: the recipes, and the link that says it all.

Truth lives in one `Session` object; widgets are filled from it on each run and write back through
callbacks, so it survives page switches. Nobody else touches `st.session_state` for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.jobs.pace import Speed
from app.jobs.scheduler import scheduler
from app.session.link import (
    LANDING,
    RUN_NAMES,
    Kind,
    kind_of,
    preset_of,
    preset_slugs,
    read_link,
)
from rbm_core import PRESETS, Recipe, default_recipe

__all__ = [
    "Kind",
    "Session",
    "begin",
    "kind_of",
    "link_text",
    "preset_slugs",
    "query",
    "session",
    "sync_link",
]

P = TypeVar("P")

_KEY = "rbm_lab_session"
# Where a link's data set is to be found when it names none that the page shows.
ELSEWHERE: dict[Kind, str] = {
    "gate": "it is set on Images, and here is a gate",
    "image": "it is set on the pages of gates, and here are pictures",
}


@dataclass(eq=False)
class Session:
    """What one visitor has set and is looking at.

    Attributes:
        owner: Name under which the scheduler keeps this session's jobs.
        recipes: The recipe in the controls, for gates and for images.
        presets: Slug of the preset in the controls, or None once a setting was changed.
        kind: Whose settings the page on screen works with.
        speed: How fast runs go that are watched.
        projector: Large type and thick lines, for a lecture hall.
        hidden: Keys of controls that the link hides.
        linked: Whose settings the link named that brought the visitor, until a page was opened.
        complaints: What was wrong with the link, a line each.
        extras: Further query parameters that pages keep in the link, by name.
        runs: Ids of this visitor's runs by their name in the address bar, the one on show first, so
            that a reload finds them; a copied link does not hold them.
        new_presets: Kinds of page for which a preset was chosen that no desk has followed yet.
        of_pages: What single pages keep, by its type; `of_page` fills it.
    """

    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    recipes: dict[Kind, Recipe] = field(default_factory=dict)
    presets: dict[Kind, str | None] = field(default_factory=dict)
    kind: Kind = "gate"
    speed: Speed = "normal"
    projector: bool = False
    hidden: frozenset[str] = frozenset()
    linked: Kind | None = None
    complaints: list[str] = field(default_factory=list)
    extras: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    new_presets: set[Kind] = field(default_factory=set)
    of_pages: dict[type, object] = field(default_factory=dict)

    def of_page(self, kind: type[P], make: Callable[[], P]) -> P:
        """Return what a page keeps for this visitor, so that no page needs a key of its own.

        Args:
            kind: Its type, of which a session has one.
            make: Makes it when the visitor comes to the page for the first time.
        """
        found = self.of_pages.get(kind)
        if not isinstance(found, kind):
            found = self.of_pages[kind] = make()
        return found

    def open_page(self, kind: Kind) -> None:
        """Note which settings the page on screen works with; a link may have named others.

        Args:
            kind: Whose settings.
        """
        if self.linked not in (None, kind):
            linked = self.recipes[self.linked].dataset
            self.complaints.append(f"link: this page does not show {linked!r}; {ELSEWHERE[kind]}")
        self.kind, self.linked = kind, None

    def shows(self, key: str) -> bool:
        """Whether a control is to be drawn."""
        return key not in self.hidden

    def choose_preset(self, kind: Kind, slug: str) -> None:
        """Take over all settings of a preset, and show its example."""
        self.recipes[kind], self.presets[kind] = PRESETS[slug].recipe, slug
        self.complaints.clear()
        self.new_presets.add(kind)

    def take(self, kind: Kind, recipe: Recipe) -> None:
        """Take all settings over from a run that is on show.

        Args:
            kind: Whose settings.
            recipe: What the controls shall say.
        """
        if recipe != self.recipes[kind]:
            self.recipes[kind], self.presets[kind] = recipe, preset_of(kind, recipe)
            self.complaints.clear()

    def choose_images(self, name: str) -> None:
        """Take another data set of images with the settings that suit it; the seed stays.

        Args:
            name: The data set.
        """
        self.take("image", default_recipe(name).replace(seed=self.recipes["image"].seed))

    def change(self, kind: Kind, **settings: object) -> None:
        """Change settings; a run that has begun stays on show with what it was made with.

        Raises:
            ConfigError: If a value is out of range; nothing is changed then.
        """
        self.take(kind, self.recipes[kind].replace(**settings))

    def take_link(self, parameters: Mapping[str, str]) -> None:
        """Take over all that a link says.

        Args:
            parameters: The link's query.
        """
        link = read_link(parameters)
        if link.preset not in (None, self.presets[link.kind]):
            self.new_presets.add(link.kind)
        self.recipes[link.kind], self.presets[link.kind] = link.recipe, link.preset
        self.projector, self.hidden = link.projector, link.hidden
        self.linked = link.kind if {"dataset", "preset"} & set(parameters) else None
        self.extras, self.complaints = dict(link.extras), list(link.complaints)

    def name_runs(self, name: str, on_show: str, aside: Sequence[str] = ()) -> None:
        """Say under which name a reload finds runs again.

        Args:
            name: Their name in the address bar.
            on_show: Id of the run on show, or "" when it is nobody's or has not begun.
            aside: Ids of the runs that were laid aside.
        """
        if on_show or aside:
            self.runs[name] = ",".join([on_show, *aside])
        else:
            self.runs.pop(name, None)


@st.cache_resource(scope="session", show_spinner=False, on_release=lambda owner: _leave(owner))
def _presence(owner: str) -> str:
    """Lives as long as the connection: its release is how a closed tab is noticed."""
    return owner


def _leave(owner: str) -> None:
    scheduler().detach(owner)


def session() -> Session:
    """Return this visitor's session; `begin` has made it."""
    found: Session = st.session_state[_KEY]
    return found


def begin() -> Session:
    """Make or continue the session, once per full run of the script, before any page."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = _from_link(st.query_params.to_dict())
    here = session()
    if _went_back_or_on():
        here.take_link(st.query_params.to_dict())
    _presence(here.owner)
    scheduler().attach(here.owner)
    return here


def query(kind: Kind) -> dict[str, str]:
    """Return the link's parameters: every value, defaults too, with the link's version."""
    here = session()
    parameters = here.recipes[kind].to_query()
    if slug := here.presets.get(kind):
        parameters["preset"] = slug
    if here.projector:
        parameters["projector"] = "1"
    if here.hidden:
        parameters["hide"] = ",".join(sorted(here.hidden))
    return {**parameters, **here.extras}


def link_text(parameters: Mapping[str, str]) -> str:
    """Write a link's query as text, readable where it can be.

    Args:
        parameters: What `query` returned.
    """
    return urlencode(parameters, quote_via=quote, safe=":,")


def sync_link(parameters: Mapping[str, str]) -> None:
    """Write the settings and the runs' ids to the address bar, so that a reload finds them.

    Args:
        parameters: What `query` returned.
    """
    wanted = {**parameters, **session().runs}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def _from_link(parameters: Mapping[str, str]) -> Session:
    made = Session()
    for kind, landing in LANDING.items():
        made.recipes[kind], made.presets[kind] = PRESETS[landing].recipe, landing
    made.take_link(parameters)
    made.runs = {name: parameters[name] for name in RUN_NAMES if name in parameters}
    for job_id in ",".join(made.runs.values()).split(","):
        scheduler().claim(job_id, made.owner)
    return made


def _went_back_or_on() -> bool:
    """Whether the browser's own buttons brought the address that this run of the script reads."""
    running = get_script_run_ctx()
    return running is not None and running.is_history_navigation
