// Every unit of both layers: lamp, name, field, a track filled up to its chance, its coin on it.
// A coin that falls on the filled part gives 1. Coins of the layer drawn next are sliders.

const element = (tag, className, parent) => {
  const node = document.createElement(tag);
  node.className = className;
  parent?.append(node);
  return node;
};
const short = (value, digits = 2) => value.toFixed(digits).replace(/^0/, "");
const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(1);

const send = (state) => state.component.setTriggerValue("orders", {
  moment: state.data.moment,
  coins: Object.fromEntries(state.coins),
  held: [...state.held].sort((a, b) => a - b),
});

const buildRow = (state, layer, i, rows) => {
  const row = element("div", "row", rows), { words } = state.data;
  const parts = { row };
  parts.lamp = element("span", "lamp", row);
  parts.name = element("span", "name", row);
  parts.field = element("span", "field", row);
  parts.track = element("span", "track", row);
  parts.mark = element("span", "mark", parts.track);
  if (layer.next) {
    const input = (parts.input = element("input", "coin", parts.track));
    Object.assign(input, { type: "range", min: 0, max: 0.99, step: 0.01, title: words.coin });
    input.addEventListener("input", () => setCoin(state, i, Number(input.value)));
    input.addEventListener("change", () => send(state));
    // A press on the very place where the open coin lies changes no value, but means it.
    input.addEventListener("click", () => {
      if (!state.coins.has(i)) { setCoin(state, i, Number(input.value)); send(state); }
    });
  }
  parts.words = element("span", "words", row);
  const tools = element("span", "tools", row);
  if (layer.next) {
    parts.chance = element("button", "chance", tools);
    Object.assign(parts.chance, { type: "button", textContent: "undo", title: words.chance });
    parts.chance.onclick = () => { state.coins.delete(i); paint(state); send(state); parts.input.focus(); };
  }
  if (layer.can_hold) {
    parts.hold = element("button", "hold", tools);
    Object.assign(parts.hold, { type: "button", textContent: "hold", title: words.hold });
    parts.hold.onclick = () => {
      if (!state.held.delete(i)) state.held.add(i);
      state.coins.delete(i);
      paint(state);
      send(state);
    };
  }
  return parts;
};

const build = (root, state) => {
  root.replaceChildren();
  state.nodes = state.data.layers.map((layer) => {
    const section = element("section", layer.next ? "next" : "last", root);
    const head = element("h3", "", section);
    const title = element("span", "", head), note = element("small", "", head);
    const heads = element("div", "row heads", section);
    heads.setAttribute("aria-hidden", "true");
    heads.innerHTML = '<span></span><span></span><span class="field">field</span>'
      + '<span class="scale"><span>0</span><span>1</span></span><span><i>chance </i>p · coin → bit</span>';
    const rows = element("div", "rows", section);
    return { section, title, note, units: layer.units.map((_, i) => buildRow(state, layer, i, rows)) };
  });
};

const setCoin = (state, unit, value) => {
  state.coins.set(unit, value);
  paint(state);
};

// What is known of a unit: the server's word, or the coin the user just set.
const wordsOf = (layer, unit, u, held) => {
  if (unit.p === null) {
    const text = unit.state === null ? "not drawn yet" : "fair coin";
    return { text, long: text };
  }
  const chance = `p = ${unit.p.toFixed(2)}`;
  if (held) return { text: `held at ${unit.state}`, long: `held at ${unit.state}` };
  if (u === null) return { text: `p ${short(unit.p)} · <i>coin </i>?`, long: `${chance}, coin left to chance` };
  const outcome = layer.next ? Number(u < unit.p) : unit.state;
  const digits = Math.abs(u - unit.p) < 0.01 ? 3 : 2; // as many as tell which is larger
  const how = layer.next ? "coin set to" : unit.hand ? "set by hand to" : "drew";
  return { text: `p ${short(unit.p, digits)} · ${layer.next || unit.hand ? "✎ " : "<i>drew </i>"}`
      + `${short(u, digits)} → ${outcome}`,
    long: `${chance}, ${how} ${u.toFixed(digits)}, gives ${outcome}` };
};

const paintUnit = (state, layer, unit, i, parts) => {
  const held = layer.can_hold && state.held.has(i);
  const u = layer.next ? state.coins.get(i) ?? null : unit.u;
  const { text, long } = wordsOf(layer, unit, u, held && (layer.next || unit.held));
  parts.lamp.textContent = unit.state ?? "·";
  parts.lamp.classList.toggle("lit", unit.state === 1);
  parts.name.textContent = parts.name.title = unit.name;
  parts.field.textContent = unit.field === null ? "" : signed(unit.field);
  parts.field.title = "field: input of the unit";
  parts.track.style.setProperty("--p", `${100 * (unit.p ?? 0)}%`);
  parts.track.style.setProperty("--u", `${100 * (u ?? 0.5)}%`);
  parts.mark.textContent = layer.next && u === null ? "?" : "";
  parts.mark.hidden = unit.p === null || (held && u === null) || (u === null && !layer.next);
  parts.row.classList.toggle("hand", layer.next ? u !== null : unit.hand);
  parts.row.classList.toggle("open", layer.next && u === null);
  parts.words.innerHTML = text; // numbers and our own words; what narrow columns leave out is in <i>
  parts.words.title = long;
  parts.row.dataset.long = long;
  if (parts.input) {
    parts.input.disabled = held;
    if (document.activeElement !== parts.input || u !== null) parts.input.value = u ?? 0.5;
    parts.input.setAttribute("aria-label", `Coin of ${unit.name} for the next half-step`);
    parts.input.setAttribute("aria-valuetext", long);
    parts.chance.hidden = u === null;
    parts.chance.setAttribute("aria-label", `Leave the coin of ${unit.name} to chance`);
  }
  if (parts.hold) {
    parts.hold.hidden = layer.next && u !== null;
    parts.hold.textContent = held ? "held" : "hold";
    parts.hold.setAttribute("aria-pressed", String(held));
    parts.hold.setAttribute("aria-label", `Hold ${unit.name} at ${unit.state}`);
  }
  return `${unit.name} is ${unit.state ?? "open"}${unit.field === null ? "" : `, field ${signed(unit.field)}`}, ${long}`;
};

const paint = (state) => {
  const said = state.data.layers.map((layer, l) => {
    const nodes = state.nodes[l];
    nodes.title.textContent = layer.title;
    nodes.note.textContent = layer.note;
    const units = layer.units.map((unit, i) => paintUnit(state, layer, unit, i, nodes.units[i]));
    nodes.section.setAttribute("aria-label", `${layer.title}, ${layer.note}`);
    return `${layer.title}, ${layer.note}: ${units.join("; ")}.`;
  });
  state.root.setAttribute("aria-label", said.join(" "));
  state.root.dataset.moment = state.data.moment;
};

const states = new WeakMap();

export const draw = (component, { theme }) => {
  const root = component.parentElement.querySelector(".coins");
  const state = states.get(root) ?? { root };
  states.set(root, state);
  const sameMoment = state.data?.moment === component.data.moment;
  Object.assign(state, { component, data: component.data });
  root.classList.toggle("dark", theme.isDark(component.parentElement));
  // What the user set at this moment may not have reached the server yet: it stays.
  if (!sameMoment) {
    const next = state.data.layers.find((layer) => layer.next);
    state.coins = new Map(next.units.flatMap((unit, i) => (unit.hand ? [[i, unit.u]] : [])));
    const holder = state.data.layers.find((layer) => layer.can_hold);
    state.held = new Set(holder.units.flatMap((unit, i) => (unit.held ? [i] : [])));
  }
  const shape = state.data.layers.map((layer) => [layer.next, layer.units.length]).join();
  if (root.dataset.shape !== shape) build(root, state);
  root.dataset.shape = shape;
  paint(state);
};
