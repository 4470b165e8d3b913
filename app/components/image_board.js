// A board of pictures: weights as one mosaic, grids of images, a chain's strip, a small film.
// Everything is sent whole with each update; zoom and playing live here and survive updates.

const boards = new WeakMap();
const FRAME_MS = 160, HOLD_MS = 2400;

const column = (state, panel) => {
  const { make } = state.shared;
  const title = make("span", { className: "title" });
  const note = make("small");
  const head = make("h3", {}, title);
  const area = make("div", { className: "area" });
  const box = make("section", { className: "panel" }, head, note, area);
  box.dataset.panel = panel.name;
  return { box, head, title, note, area, zoom: null, at: 0 };
};

const nodesFor = (state) => {
  const root = state.element.querySelector(".pix");
  const { panels, columns } = state.head;
  const names = panels.map((panel) => panel.name + ":" + panel.kind).join();
  if (root.dataset.names !== names) {
    for (const node of state.nodes.values()) clearTimeout(node.timer);
    state.nodes.clear();
    root.replaceChildren();
    for (const panel of panels) {
      const node = column(state, panel);
      state.nodes.set(panel.name, node);
      root.append(node.box);
      kinds[panel.kind].build(state, panel, node);
    }
    root.dataset.names = names;
  }
  root.style.gridTemplateColumns = columns;
  return state.nodes;
};

const say = (node, text) => {
  node.note.textContent = text || "";
  node.head.title = [node.title.textContent, text].filter(Boolean).join(" · ");
};

// ------------------------------------------------------------------------------- the mosaic

const unitText = (panel, tile) => {
  const use = panel.uses ? ` · on ${Math.round(100 * panel.uses[tile])} %` : "";
  return `unit ${panel.units[tile]} · norm ${panel.norms[tile].toFixed(2)}${use}`;
};

const mosaic = {
  build(state, panel, node) {
    const canvas = state.shared.make("canvas", { tabIndex: 0 });
    canvas.setAttribute("role", "img");
    node.live = state.shared.make("span", { className: "unseen" });
    node.live.setAttribute("aria-live", "polite");
    node.mark = state.shared.make("i", { className: "mark", hidden: true });
    node.area.append(canvas, node.mark, node.live);
    node.canvas = canvas;
    const now = () => state.head.panels.find((p) => p.name === panel.name);
    const place = (event) => {
      const p = now(), [height, width] = p.shape, box = canvas.getBoundingClientRect();
      const { pixel, edge, across, down } = node.geometry;
      const x = event.clientX - box.left - edge, y = event.clientY - box.top - edge;
      const one = node.zoom !== null;
      const tile = one ? node.zoom : Math.floor(y / down) * p.tiles + Math.floor(x / across);
      const row = Math.floor((one ? y : y % down) / pixel), col = Math.floor((one ? x : x % across) / pixel);
      const inside = x >= 0 && y >= 0 && tile < p.units.length && row < height && col < width
        && (one || x < p.tiles * across);
      return inside ? { tile, row, col } : null;
    };
    canvas.onmousemove = (event) => {
      const p = now(), at = place(event);
      if (!at) return say(node, p.note);
      const [height, width] = p.shape;
      const value = state.arrays[p.array].values[at.tile * height * width + at.row * width + at.col];
      const weight = (value / p.full) * p.scales[at.tile];
      say(node, `unit ${p.units[at.tile]} · pixel ${at.row + 1}, ${at.col + 1} · w ${weight.toFixed(2)}`);
    };
    canvas.onmouseleave = () => say(node, node.zoom === null ? now().note : unitText(now(), node.zoom));
    canvas.onclick = (event) => {
      const at = place(event);
      if (node.zoom !== null) node.zoom = null;
      else if (at) node.zoom = node.at = at.tile;
      mosaic.show(state, now(), node);
    };
    canvas.onkeydown = (event) => {
      const p = now(), step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: p.tiles, ArrowUp: -p.tiles }[event.key];
      if (step) node.at = Math.max(0, Math.min(p.units.length - 1, node.at + step));
      else if (event.key === "Enter" || event.key === " ") node.zoom = node.zoom === null ? node.at : null;
      else if (event.key === "Escape") node.zoom = null;
      else return;
      event.preventDefault();
      if (step && node.zoom !== null) node.zoom = node.at;
      node.live.textContent = unitText(p, node.at);
      mosaic.show(state, p, node);
      say(node, unitText(p, node.at));
    };
    canvas.onfocus = canvas.onblur = () => mosaic.show(state, now(), node);
  },
  show(state, panel, node) {
    const { shared, arrays } = state, { values } = arrays[panel.array], [height, width] = panel.shape;
    if (node.zoom !== null && node.zoom >= panel.units.length) node.zoom = null;
    node.at = Math.min(node.at, panel.units.length - 1);
    const one = node.zoom !== null;
    node.geometry = shared.sheet(node.canvas, values, { first: one ? node.zoom : 0,
      count: one ? 1 : panel.units.length, height, width, columns: one ? 1 : panel.tiles,
      table: shared.diverging(state.palette, panel.full), between: state.between, shift: 128,
      room: [node.area.clientWidth, panel.height] });
    node.canvas.style.cursor = one ? "zoom-out" : "zoom-in";
    node.canvas.setAttribute("aria-label", one ? `${unitText(panel, node.zoom)}. ${panel.alt}` : panel.alt);
    say(node, one ? unitText(panel, node.zoom) : panel.note);
    const marked = !one && document.activeElement === node.canvas && node.canvas.matches(":focus-visible");
    node.mark.hidden = !marked;
    if (marked) Object.assign(node.mark.style, {
      left: (node.at % panel.tiles) * node.geometry.across + "px",
      top: Math.floor(node.at / panel.tiles) * node.geometry.down + "px",
      width: node.geometry.across + node.geometry.edge + "px",
      height: node.geometry.down + node.geometry.edge + "px" });
  },
};

// ------------------------------------------------------------------------ grids and the film

const pictures = {
  build(state, panel, node) {
    node.canvas = state.shared.make("canvas");
    node.canvas.setAttribute("role", "img");
    node.area.append(node.canvas);
  },
  show(state, panel, node, frame = 0) {
    const { shared, arrays } = state, [height, width] = panel.shape;
    const count = panel.count, values = arrays[panel.array].values;
    shared.sheet(node.canvas, values, { first: frame * count, count, height, width,
      columns: panel.tiles, table: shared.greys, between: state.between,
      room: [node.area.clientWidth, panel.height] });
    node.canvas.setAttribute("aria-label", panel.alt);
    say(node, panel.note);
  },
};

// Frames after one another; the last is held, then it begins again, until somebody pauses it.
const film = {
  build(state, panel, node) {
    pictures.build(state, panel, node);
    node.playing = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    node.button = state.shared.make("button", { type: "button", className: "toggle" });
    node.button.onclick = () => {
      node.playing = !node.playing;
      film.run(state, panel.name, node);
    };
    node.head.append(node.button);
  },
  show(state, panel, node) {
    if (node.stamp === panel.stamp && node.theme === state.between) return;
    node.stamp = panel.stamp;
    node.theme = state.between;
    node.frame = panel.labels.length - 1;
    film.run(state, panel.name, node);
  },
  run(state, name, node) {
    clearTimeout(node.timer);
    const panel = state.head.panels.find((p) => p.name === name);
    if (!panel) return;
    const last = panel.labels.length - 1, moves = panel.loops && last > 0;
    node.button.hidden = !moves;
    node.button.textContent = node.playing ? "❚❚" : "▶";
    node.button.setAttribute("aria-label", node.playing ? "Pause the dream" : "Play the dream");
    const paint = () => {
      node.frame = Math.min(node.frame, last);
      pictures.show(state, panel, node, node.frame);
      say(node, panel.labels[node.frame]);
    };
    if (!moves || !node.playing) {
      if (moves) node.frame = last;
      return paint();
    }
    const tick = () => {
      if (!state.element.isConnected) return;
      paint();
      const wait = node.frame >= last ? HOLD_MS : FRAME_MS;
      node.frame = node.frame >= last ? 0 : node.frame + 1;
      node.timer = setTimeout(tick, wait);
    };
    tick();
  },
};

// ------------------------------------------------------------------------------- the strip

const strip = {
  build(state, panel, node) {
    node.area.classList.add("strip");
  },
  show(state, panel, node) {
    const { make, sheet, greys } = state.shared, [height, width] = panel.shape;
    const n = panel.steps.length;
    if (node.area.children.length !== n)
      node.area.replaceChildren(...panel.steps.map(() => make("figure", {},
        make("figcaption"), make("canvas"))));
    const room = (node.area.clientWidth - 8 * (n - 1)) / n - 8;
    panel.steps.forEach((step, i) => {
      const [caption, canvas] = node.area.children[i].children, ready = i < panel.ready;
      node.area.children[i].className = [i === panel.framed && "framed", !ready && "waits"].filter(Boolean).join(" ");
      caption.textContent = step;
      const blank = ready ? null : new Uint8Array(panel.count * height * width).fill(128);
      sheet(canvas, ready ? state.arrays[panel.array].values : blank, {
        first: ready ? i * panel.count : 0, count: panel.count, height, width,
        columns: panel.tiles, table: greys, between: state.between, gap: 2, room: [room, panel.height] });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${panel.alt} Step ${step}${ready ? "" : ": not reached yet"}.`);
    });
    say(node, panel.note);
  },
};

const kinds = { mosaic, pictures, film, strip };

const show = (state) => {
  const palette = state.head.palettes[state.shared.isDark(state.element) ? "dark" : "light"];
  state.palette = palette;
  state.between = state.shared.colour(palette["@grid"]);
  const nodes = nodesFor(state);
  for (const panel of state.head.panels) {
    const node = nodes.get(panel.name);
    node.box.style.gridColumn = `span ${panel.span}`;
    node.title.textContent = panel.title;
    kinds[panel.kind].show(state, panel, node);
  }
  const root = state.element.querySelector(".pix");
  root.dataset.updates = String(Number(root.dataset.updates || 0) + 1);
};

export const draw = (component, head, arrays, shared) => {
  const element = component.parentElement;
  const state = boards.get(element) ?? { element, nodes: new Map() };
  boards.set(element, state);
  Object.assign(state, { head, arrays, shared });
  show(state);
  if (!state.watcher) {
    let width = element.clientWidth;
    state.watcher = new ResizeObserver(() => {
      if (Math.abs(element.clientWidth - width) < 2) return;
      width = element.clientWidth;
      for (const node of state.nodes.values()) node.stamp = undefined;
      show(state);
    });
    state.watcher.observe(element);
  }
  const forget = shared.onTheme(() => element.isConnected && show(state));
  return () => {
    forget();
    if (element.isConnected) return; // an update, not the end
    state.watcher.disconnect();
    for (const node of state.nodes.values()) clearTimeout(node.timer);
    boards.delete(element);
  };
};
