// Draws panels with Plotly.react: no remount, so zoom and hover survive updates.
// A film is kept here whole: scrubbing and playing ask nothing of the server.

const boards = new WeakMap(); // the component's element -> what it shows

export const loadPlotly = (url) =>
  (window.__rbmPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(url, document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error(url + " was not served"));
    document.head.appendChild(script);
  }));

export const isDark = (element) => {
  const probe = document.createElement("i");
  probe.style.cssText = "display:none;color:var(--st-background-color)";
  element.appendChild(probe);
  const parts = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
  probe.remove();
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128;
};

// Colour tokens ("@positive") become colours; everything else is copied.
export const paint = (tree, palette) => {
  if (typeof tree === "string") return tree[0] === "@" ? palette[tree] ?? tree : tree;
  if (Array.isArray(tree)) return tree.map((part) => paint(part, palette));
  if (tree && typeof tree === "object" && !ArrayBuffer.isView(tree))
    return Object.fromEntries(Object.entries(tree).map(([k, v]) => [k, paint(v, palette)]));
  return tree;
};

const merge = (base, change) => {
  if (!change || typeof change !== "object" || Array.isArray(change) || "bdata" in change)
    return change;
  const out = base && typeof base === "object" && !Array.isArray(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(change)) out[key] = merge(out[key], value);
  return out;
};

const patched = (panel, patch) => {
  if (!patch) return panel;
  const data = panel.figure.data.map((trace, i) =>
    patch.data && patch.data[i] ? merge(trace, patch.data[i]) : trace);
  const layout = patch.layout ? merge(panel.figure.layout, patch.layout) : panel.figure.layout;
  return { ...panel, ...patch, figure: { data, layout } };
};

export // A lecture hall: every letter larger.
const enlarge = (tree) => {
  if (!tree || typeof tree !== "object" || ArrayBuffer.isView(tree)) return;
  for (const [key, value] of Object.entries(tree)) {
    if (/font$/.test(key) && value.size) value.size *= 1.3;
    enlarge(value);
  }
};

const panelNodes = (state, panels) => {
  const root = state.element.querySelector(".board");
  const names = panels.map((panel) => panel.name).join();
  if (root.dataset.names !== names) {
    for (const node of state.nodes.values()) window.Plotly.purge(node.plot);
    root.replaceChildren();
    state.nodes.clear();
    for (const panel of panels) {
      const box = document.createElement("section");
      box.className = "panel";
      box.dataset.panel = panel.name;
      const head = document.createElement("h3");
      const plot = document.createElement("div");
      plot.setAttribute("role", "img");
      box.append(head, plot);
      root.append(box);
      state.nodes.set(panel.name, { box, head, plot });
    }
    root.dataset.names = names;
  }
  root.style.gridTemplateColumns = `repeat(${state.data.columns}, minmax(0, 1fr))`;
  return state.nodes;
};

const show = (state, frame) => {
  const { data } = state;
  state.frame = frame;
  state.dark = isDark(state.element);
  const palette = state.palettes[state.dark ? "dark" : "light"];
  const nodes = panelNodes(state, data.panels);
  for (const panel of data.panels) {
    const now = patched(panel, frame && frame.patches[panel.name]);
    const { box, head, plot } = nodes.get(panel.name);
    box.style.gridColumn = `span ${panel.span}`;
    head.textContent = now.title;
    head.title = [now.title, now.note].filter(Boolean).join(" · ");
    if (now.note) head.append(Object.assign(document.createElement("small"), { textContent: now.note }));
    plot.setAttribute("aria-label", now.alt);
    plot.style.height = panel.height + "px";
    const figure = paint(now.figure, palette);
    if (data.projector) {
      enlarge(figure);
      for (const trace of figure.data)
        if (trace.line) trace.line.width = Math.max(3, trace.line.width || 2);
    }
    figure.layout.height = panel.height;
    window.Plotly.react(plot, figure.data, figure.layout, {
      displayModeBar: false, responsive: true, doubleClick: "reset",
    });
  }
  const root = state.element.querySelector(".board");
  root.dataset.updates = String(Number(root.dataset.updates || 0) + 1);
};

// ------------------------------------------------------------------------------------- the film

const filmNodes = (state) => {
  const root = state.element.querySelector(".film");
  if (state.film) return state.film;
  const make = (tag, settings) => Object.assign(document.createElement(tag), settings);
  const play = make("button", { type: "button", className: "play" });
  const slider = make("input", { type: "range", min: 0, step: 1 });
  const label = make("output", {});
  const fork = make("button", { type: "button", className: "fork" });
  root.append(play, slider, label, fork);
  play.onclick = () => (state.timer ? stopFilm(state) : playFilm(state));
  slider.oninput = () => { stopFilm(state); showFrame(state, Number(slider.value)); };
  fork.onclick = () => state.component.setTriggerValue("fork", String(slider.value));
  return (state.film = { root, play, slider, label, fork });
};

const showFrame = (state, index) => {
  const { frames, labels } = state.data.film, { slider, label } = state.film;
  slider.value = index;
  slider.setAttribute("aria-label", labels.scrub);
  slider.setAttribute("aria-valuetext", frames[index].label);
  label.textContent = frames[index].label;
  show(state, index === frames.length - 1 ? null : frames[index]);
};

const stopFilm = (state) => {
  clearTimeout(state.timer);
  state.timer = null;
  if (state.film && state.data.film) state.film.play.textContent = "▶ " + state.data.film.labels.play;
};

const playFilm = (state) => {
  const { frames, labels } = state.data.film, { slider, play } = state.film;
  let index = Number(slider.value) >= frames.length - 1 ? 0 : Number(slider.value);
  play.textContent = "❚❚ " + labels.pause;
  const tick = () => {
    showFrame(state, index);
    if (++index >= frames.length) return stopFilm(state);
    state.timer = setTimeout(tick, 100);
  };
  state.timer = setTimeout(tick, 0);
};

const drawFilm = (state) => {
  const film = state.data.film, root = state.element.querySelector(".film");
  stopFilm(state);
  root.hidden = !film || film.frames.length < 2;
  if (root.hidden) return show(state, null);
  const { slider, fork } = filmNodes(state);
  stopFilm(state);
  slider.max = film.frames.length - 1;
  Object.assign(fork, { textContent: film.fork, title: film.fork_help, hidden: !film.fork,
    disabled: film.fork_disabled });
  showFrame(state, film.frames.length - 1);
};

export const draw = (component) => {
  const element = component.parentElement;
  const state = boards.get(element) ?? { element, nodes: new Map(), film: null, timer: null };
  boards.set(element, state);
  state.component = component;
  // The same film again (a rerun elsewhere on the page) must not stop the one that plays.
  const text = JSON.stringify(component.data);
  if (text === state.text && element.querySelector(".panel")) return state.stop;
  state.text = text;
  state.data = component.data;
  const colours = import(new URL(state.data.told, document.baseURI).href);
  Promise.all([colours, loadPlotly(state.data.plotly)]).then(([{ palettes }]) => {
    state.palettes = palettes;
    drawFilm(state);
  }).catch((error) => {
    element.querySelector(".board").textContent = "The charts cannot be drawn: " + error.message;
  });
  // The viewer may change the theme, in the system or in the menu, while nothing is sent.
  clearInterval(state.watch);
  state.watch = setInterval(() => {
    if (!element.isConnected) clearInterval(state.watch);
    else if (state.palettes && isDark(element) !== state.dark) show(state, state.frame);
  }, 1000);
  return (state.stop = () => {
    if (element.isConnected) return; // an update, not the end
    clearInterval(state.watch);
    stopFilm(state);
    for (const node of state.nodes.values()) window.Plotly?.purge(node.plot);
    boards.delete(element);
  });
};
