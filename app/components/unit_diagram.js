// The machine as a drawing: visible units below, hidden above, what they push on the output on top.
// Every number comes from the server, for all visible states; a click needs no answer to be seen.
// With `given` it draws one joint state instead, to look at: no pushes, no clicks.

const HEIGHT = 302, MIN_WIDTH = 240, MAX_WIDTH = 640;
const BAR_MIDDLE = 52, BAR_HEIGHT = 34, NAME_Y = 106, HIDDEN_Y = 136, VISIBLE_Y = 252;
const GIVEN_TOP = 92, GIVEN_HEIGHT = 190, GIVEN_VISIBLE_Y = 230;
const SVG = "http://www.w3.org/2000/svg";

const make = (tag, attributes, parent) => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  parent?.append(node);
  return node;
};
const signed = (value, digits = 1) => {
  const size = Math.abs(value).toFixed(digits);
  return (Number(size) === 0 ? "" : value < 0 ? "−" : "+") + size; // no minus zero
};
const spread = (width, n) => Array.from({ length: n }, (_, i) => (width * (i + 0.5)) / n);
// At least one: the weights of a machine that is asleep shall look like nothing.
const largest = (values) => Math.max(1, ...values.map(Math.abs));

const build = (root, state) => {
  const { data } = state, nVisible = data.weights.length, nHidden = data.weights[0].length;
  const svg = root.querySelector("svg");
  svg.replaceChildren();
  // Drawn in pixels of the screen, so that type keeps its size in a narrow column.
  state.width = root.clientWidth;
  const width = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, state.width));
  const { given } = data, visibleY = given ? GIVEN_VISIBLE_Y : VISIBLE_Y;
  const box = given ? [0, GIVEN_TOP, width, GIVEN_HEIGHT] : [0, 0, width, HEIGHT];
  svg.setAttribute("viewBox", box.join(" "));
  // One column per hidden unit, and one for the bias of the output.
  const nColumns = given ? nHidden : nHidden + 1;
  const hiddenX = spread(width, nColumns), visibleX = spread(width, nVisible);
  const radius = Math.min(21, (0.44 * width) / (nHidden + 1));
  const small = radius < 17;
  state.crowded = small;
  if (!given) make("line", { x1: 4, x2: width - 4, y1: BAR_MIDDLE, y2: BAR_MIDDLE, class: "axis" }, svg);
  const edges = data.weights.map((row, i) => row.map((_, j) => {
    const edge = make("line", { x1: visibleX[i], y1: visibleY, x2: hiddenX[j], y2: HIDDEN_Y,
      class: "edge", "data-visible": i, "data-hidden": j }, svg);
    make("title", {}, edge);
    return edge;
  }));
  const bars = given ? [] : hiddenX.map((x) => ({
    bar: make("rect", { x: x - radius * 0.7, width: radius * 1.4, class: "bar" }, svg),
    text: make("text", { x, class: "number" }, svg),
  }));
  const hidden = hiddenX.slice(0, nHidden).map((x, j) => {
    const unit = make("g", { class: "unit hidden", "data-unit": j }, svg);
    make("title", {}, unit);
    make("circle", { cx: x, cy: HIDDEN_Y, r: radius, class: "back" }, unit);
    make("circle", { cx: x, cy: HIDDEN_Y, r: radius, class: "body" }, unit);
    make("circle", { cx: x, cy: HIDDEN_Y, r: radius, class: "ring" }, unit);
    make("text", { x, y: HIDDEN_Y + 4.5, class: small ? "value tiny" : "value" }, unit);
    return unit;
  });
  hiddenX.forEach((x, j) => {
    make("text", { x, y: NAME_Y, class: "name" }, svg).textContent = j < nHidden ? `h${j + 1}` : "bias";
  });
  const visible = visibleX.map((x, i) => {
    const pressable = given ? {} : { tabindex: 0, role: "button" };
    const unit = make("g", { class: "unit visible", "data-unit": i, ...pressable }, svg);
    make("circle", { cx: x, cy: visibleY, r: 25, class: "body" }, unit);
    make("circle", { cx: x, cy: visibleY, r: 25, class: "ring" }, unit);
    make("text", { x, y: visibleY + 8, class: "digit" }, unit);
    make("text", { x, y: visibleY + 44, class: "name" }, unit).textContent = data.names[i];
    if (given) return unit;
    const press = () => flip(state, i);
    unit.addEventListener("click", press);
    unit.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      press();
    });
    return unit;
  });
  state.nodes = { svg, edges, bars, hidden, visible };
  for (const unit of [...hidden, ...visible]) highlight(svg, unit);
};

// A unit under the pointer or the keyboard shows its own edges alone.
const highlight = (svg, unit) => {
  const layer = unit.classList.contains("visible") ? "visible" : "hidden";
  const focus = (on) => svg.querySelectorAll(".edge").forEach((edge) =>
    edge.classList.toggle("faded", on && edge.dataset[layer] !== unit.dataset.unit));
  unit.addEventListener("mouseenter", () => focus(true));
  unit.addEventListener("mouseleave", () => focus(false));
  unit.addEventListener("focus", () => unit.matches(":focus-visible") && focus(true));
  unit.addEventListener("blur", () => focus(false));
};

const flip = (state, unit) =>
  state.component.setStateValue("edit", state.clock.flipBit(state.root.dataset.bits, unit));

const paintWeights = ({ data, nodes }) => {
  const scale = largest(data.weights.flat());
  nodes.edges.forEach((row, i) => row.forEach((edge, j) => {
    const weight = data.weights[i][j];
    edge.style.stroke = weight < 0 ? "var(--negative)" : "var(--positive)";
    edge.style.strokeWidth = 0.6 + (7 * Math.abs(weight)) / scale;
    edge.firstChild.textContent = `weight ${data.names[i]} – h${j + 1}: ${signed(weight, 2)}`;
  }));
  const biasScale = largest([...data.visible_bias, ...data.hidden_bias]);
  const ring = (unit, bias) => {
    const circle = unit.querySelector(".ring");
    circle.style.stroke = bias < 0 ? "var(--negative)" : "var(--positive)";
    circle.style.strokeWidth = 1 + (5 * Math.abs(bias)) / biasScale;
  };
  nodes.visible.forEach((unit, i) => ring(unit, data.visible_bias[i]));
  nodes.hidden.forEach((unit, j) => ring(unit, data.hidden_bias[j]));
};

const paintState = (root, state, clock) => {
  const { data, nodes } = state, bits = state.clock.bitsOf(data.chain);
  const number = parseInt(bits, 2), p = data.p_hidden[number], pushes = data.pushes[number];
  nodes.visible.forEach((unit, i) => {
    const on = bits[i] === "1";
    unit.classList.toggle("lit", on);
    unit.setAttribute("aria-pressed", String(on));
    unit.setAttribute("aria-label", `${data.names[i]} is ${bits[i]}, bias ` +
      `${signed(data.visible_bias[i])}; press to flip`);
    unit.querySelector(".digit").textContent = bits[i];
    nodes.edges[i].forEach((edge) => edge.classList.toggle("resting", !on));
  });
  nodes.hidden.forEach((unit, j) => {
    unit.querySelector(".body").style.fillOpacity = p[j];
    unit.classList.toggle("lit", p[j] > 0.5);
    const text = unit.querySelector(".value");
    text.textContent = text.classList.contains("tiny") ? "" : p[j].toFixed(2).replace(/^0/, "");
    unit.querySelector("title").textContent =
      `h${j + 1} is on with probability ${p[j].toFixed(3)}; bias ${signed(data.hidden_bias[j], 2)}`;
  });
  const scale = data.push_scale;
  nodes.bars.forEach(({ bar, text }, j) => {
    const height = (BAR_HEIGHT * Math.abs(pushes[j])) / scale, up = pushes[j] >= 0;
    bar.setAttribute("y", up ? BAR_MIDDLE - height : BAR_MIDDLE);
    bar.setAttribute("height", height);
    bar.style.fill = up ? "var(--positive)" : "var(--negative)";
    text.setAttribute("y", up ? BAR_MIDDLE + 13 : BAR_MIDDLE - 4);
    text.textContent = state.crowded ? signed(pushes[j], 0) : signed(pushes[j]);
  });
  const sum = pushes.reduce((a, b) => a + b, 0), out = data.names[data.output];
  root.querySelector(".sum").textContent =
    `Together ${signed(sum)}: ` +
    (Math.abs(sum) < 0.05 ? "undecided" : `towards ${out} = ${sum > 0 ? 1 : 0}`);
  nodes.svg.setAttribute("aria-label", "Unit diagram. "
    + data.names.map((name, i) => `${name} = ${bits[i]}`).join(", ") + ". "
    + p.map((value, j) => `h${j + 1} on with ${value.toFixed(2)}, pushes ${signed(pushes[j])}`).join("; ")
    + `; bias pushes ${signed(pushes[pushes.length - 1])}. Together ${signed(sum)} on ${out}.`);
  root.dataset.bits = bits;
  root.dataset.flips = clock.flips;
};

// One joint state: lit units, and the edges that carry something to the layer drawn next.
const paintGiven = (root, { data, nodes }) => {
  const { v, h, sender } = data.given;
  const lit = (unit, value) => unit.classList.toggle("lit", value === 1);
  nodes.visible.forEach((unit, i) => {
    lit(unit, v[i]);
    unit.querySelector(".digit").textContent = v[i];
    nodes.edges[i].forEach((edge, j) =>
      edge.classList.toggle("resting", (sender === "visible" ? v[i] : h?.[j]) !== 1));
  });
  nodes.hidden.forEach((unit, j) => {
    lit(unit, h?.[j]);
    unit.querySelector(".body").style.fillOpacity = h?.[j] ?? 0;
    unit.querySelector(".value").textContent = h?.[j] ?? "?";
    unit.querySelector("title").textContent = `h${j + 1}: bias ${signed(data.hidden_bias[j], 2)}`;
  });
  nodes.svg.setAttribute("role", "img");
  nodes.svg.setAttribute("aria-label", `${data.given.heading}. `
    + data.names.map((name, i) => `${name} = ${v[i]}`).join(", ") + ". "
    + nodes.hidden.map((_, j) => `h${j + 1} = ${h?.[j] ?? "not drawn yet"}`).join(", ") + ".");
};

const states = new WeakMap();

const paint = (root, state) => {
  paintWeights(state);
  if (state.data.given) paintGiven(root, state);
  else state.clock.follow(root, state.data.playback, (clock) => paintState(root, state, clock));
};

// Another width is another drawing.
const watchWidth = (root, state) => {
  state.watcher ??= new ResizeObserver(() => {
    if (!state.nodes || Math.abs(root.clientWidth - state.width) < 4) return;
    build(root, state);
    paint(root, state);
  });
  state.watcher.observe(root);
};

export const draw = (component, { playback: { clock }, theme }) => {
  const root = component.parentElement.querySelector(".units");
  const state = states.get(root) ?? {};
  states.set(root, Object.assign(state, { component, clock, root, data: component.data }));
  root.classList.toggle("dark", theme.isDark(component.parentElement));
  const { given } = state.data;
  root.classList.toggle("given", Boolean(given));
  root.querySelector(".hint").hidden = Boolean(given);
  watchWidth(root, state);
  root.querySelector(".heading").textContent =
    given ? given.heading : `What pushes on ${state.data.names[state.data.output]}`;
  const shape = [state.data.names.join(), state.data.weights[0].length].join();
  if (root.dataset.shape !== shape) build(root, state);
  root.dataset.shape = shape;
  paint(root, state);
};
