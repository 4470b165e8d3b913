// Plays a chain step by step, in the browser: every step is here, nothing is asked of the server.

const players = new WeakMap();
const RATES = [2, 8, 25, 60];

const build = (state) => {
  const { make } = state.shared, root = state.element.querySelector(".pix");
  root.className = "pix player";
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  const play = make("button", { type: "button" });
  const back = make("button", { type: "button", textContent: "◀", ariaLabel: "One step back" });
  const on = make("button", { type: "button", textContent: "▶", ariaLabel: "One step on" });
  const slider = make("input", { type: "range", min: 0, step: 1, ariaLabel: "Gibbs step" });
  const rate = make("select", { ariaLabel: "Steps per second" },
    ...RATES.map((r) => make("option", { value: r, textContent: r + " steps/s" })));
  rate.value = RATES[1];
  const label = make("output");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("role", "img");
  const bar = make("div", { className: "bar" }, back, play, on, slider, label, rate);
  const caption = make("small", { textContent: state.head.labels.caption });
  root.replaceChildren(canvas, bar, caption, svg);
  Object.assign(state, { canvas, play, slider, label, svg, rate });
  play.onclick = () => run(state, !state.timer);
  back.onclick = () => { run(state, false); go(state, state.at - 1); };
  on.onclick = () => { run(state, false); go(state, state.at + 1); };
  slider.oninput = () => { run(state, false); go(state, Number(slider.value)); };
  root.onkeydown = (event) => {
    if (event.key !== " " || event.target === play || event.target.tagName === "SELECT") return;
    if (event.target.tagName === "BUTTON") return;
    event.preventDefault();
    run(state, !state.timer);
  };
};

const go = (state, step) => {
  const { head, shared } = state, last = head.n_steps;
  state.at = Math.max(0, Math.min(last, step));
  const [height, width] = head.shape, { values } = state.arrays.frames;
  const picture = { count: head.count, height, width, columns: head.count, table: shared.greys,
    between: state.between, gap: 6, room: [state.element.clientWidth, head.height] };
  if (head.bits) shared.sheet(state.canvas,
    shared.bitsOf(values, state.at * head.count, height * width, head.count), picture);
  else shared.sheet(state.canvas, values, { ...picture, first: state.at * head.count });
  const said = head.labels.step.replace("{step}", state.at).replace("{last}", last)
    .replace("{energy}", head.energies[state.at].toFixed(1).replace("-", "−"));
  state.label.textContent = said;
  state.slider.value = state.at;
  state.slider.setAttribute("aria-valuetext", said);
  state.canvas.setAttribute("aria-label", `${head.alt} ${said}.`);
  if (state.cursor) state.cursor.setAttribute("transform", `translate(${(state.at / last) * 1000} 0)`);
};

const curve = (state) => {
  const { energies, n_steps: last, labels } = state.head;
  // Noise lies far above everything else: the first steps run out of the picture.
  const later = energies.slice(Math.min(3, last)), low = Math.min(...later);
  const span = Math.max(...later) - low || 1;
  const points = energies.map((f, i) => `${(i / last) * 1000},${4 + 72 * (1 - (f - low) / span)}`);
  state.svg.setAttribute("viewBox", "0 0 1000 80");
  state.svg.setAttribute("preserveAspectRatio", "none");
  state.svg.innerHTML = `<polyline points="${points.join(" ")}" fill="none" stroke="currentColor"
    stroke-width="1.5" vector-effect="non-scaling-stroke"/><line y1="0" y2="80" x1="0" x2="0"
    stroke="var(--st-primary-color)" stroke-width="2" vector-effect="non-scaling-stroke"/>`;
  state.cursor = state.svg.querySelector("line");
  const said = (v) => v.toFixed(1).replace("-", "−");
  state.svg.setAttribute("aria-label",
    labels.curve.replace("{first}", said(energies[0])).replace("{last}", said(energies[last])));
};

const run = (state, playing) => {
  clearTimeout(state.timer);
  state.timer = null;
  const { labels, n_steps: last } = state.head;
  state.play.textContent = playing ? "❚❚ " + labels.pause : "▶ " + labels.play;
  if (!playing) return;
  if (state.at >= last) go(state, 0);
  const tick = () => {
    if (!state.element.isConnected || state.at >= last) return run(state, false);
    go(state, state.at + 1);
    state.timer = setTimeout(tick, 1000 / Number(state.rate.value));
  };
  state.timer = setTimeout(tick, 1000 / Number(state.rate.value));
};

export const draw = (component, head, arrays, shared) => {
  const element = component.parentElement;
  const state = players.get(element) ?? { element, at: 0, timer: null };
  players.set(element, state);
  const same = state.head && state.head.stamp === head.stamp;
  Object.assign(state, { head, arrays, shared });
  const palette = head.palettes[shared.isDark(element) ? "dark" : "light"];
  state.between = shared.colour(palette["@grid"]);
  if (!state.canvas || !state.canvas.isConnected) build(state);
  state.slider.max = head.n_steps;
  if (!same) {
    state.at = 0;
    curve(state);
    go(state, 0);
    run(state, !matchMedia("(prefers-reduced-motion: reduce)").matches);
  } else go(state, state.at);
  const forget = shared.onTheme(() => {
    if (!element.isConnected) return;
    const now = head.palettes[shared.isDark(element) ? "dark" : "light"];
    state.between = shared.colour(now["@grid"]);
    go(state, state.at);
  });
  return () => {
    forget();
    if (element.isConnected) return; // an update, not the end
    run(state, false);
    players.delete(element);
  };
};
