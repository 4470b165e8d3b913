// A picture whose pixels can be marked by click and drag, or with the keyboard.

const painters = new WeakMap();

const hexOf = (marks) => {
  let text = "";
  for (let i = 0; i < marks.length; i += 4)
    text += ((marks[i] << 3) | ((marks[i + 1] | 0) << 2) | ((marks[i + 2] | 0) << 1)
      | (marks[i + 3] | 0)).toString(16);
  return text;
};

const paint = (state) => {
  const { head, arrays, marks, canvas } = state, [height, width] = head.shape;
  const { values } = arrays.picture, context = canvas.getContext("2d");
  const size = Math.max(1, Math.floor(Math.min(state.element.clientWidth / width, head.height / height)));
  canvas.width = width * size;
  canvas.height = height * size;
  for (let i = 0; i < values.length; i++) {
    const x = (i % width) * size, y = Math.floor(i / width) * size;
    const level = head.flips && marks[i] ? 255 - values[i] : values[i];
    context.fillStyle = `rgb(${level},${level},${level})`;
    context.fillRect(x, y, size, size);
    if (marks[i]) {
      context.fillStyle = head.flips ? state.palette["@wrong"] + "66" : state.palette["@positive"] + "59";
      context.fillRect(x, y, size, size);
    }
  }
  context.strokeStyle = state.palette["@grid"] + "55";
  context.lineWidth = 1;
  if (size >= 6) {
    context.beginPath();
    for (let c = 0; c <= width; c++) { context.moveTo(c * size + .5, 0); context.lineTo(c * size + .5, canvas.height); }
    for (let r = 0; r <= height; r++) { context.moveTo(0, r * size + .5); context.lineTo(canvas.width, r * size + .5); }
    context.stroke();
  }
  if (document.activeElement === canvas && state.keys) {
    context.strokeStyle = state.palette["@negative"];
    context.lineWidth = 2;
    context.strokeRect(state.col * size + 1, state.row * size + 1, size - 2, size - 2);
  }
  const n = marks.reduce((a, b) => a + b, 0);
  canvas.setAttribute("aria-label", head.alt.replace("{n}", n).replace("{all}", marks.length));
  state.size = size;
};

const mark = (state, row, col, value) => {
  const { head } = state, [height, width] = head.shape, reach = head.brush;
  for (let r = row - reach; r <= row + reach; r++)
    for (let c = col - reach; c <= col + reach; c++)
      if (r >= 0 && r < height && c >= 0 && c < width) state.marks[r * width + c] = value;
};

const send = (state) => {
  state.sent = hexOf(state.marks);
  state.component.setStateValue("marks", state.sent);
};

const build = (state) => {
  const { make } = state.shared, root = state.element.querySelector(".pix");
  const canvas = make("canvas", { tabIndex: 0, className: "painter" });
  canvas.setAttribute("role", "application");
  const live = make("span", { className: "unseen" });
  live.setAttribute("aria-live", "polite");
  root.replaceChildren(canvas, live);
  Object.assign(state, { canvas, live, row: 0, col: 0 });
  const place = (event) => {
    const box = canvas.getBoundingClientRect(), [height, width] = state.head.shape;
    return [Math.floor(((event.clientY - box.top) / box.height) * height),
      Math.floor(((event.clientX - box.left) / box.width) * width)];
  };
  const stroke = (event) => {
    const [row, col] = place(event), [fromRow, fromCol] = state.last ?? [row, col];
    const n = Math.max(Math.abs(row - fromRow), Math.abs(col - fromCol), 1);
    for (let i = 0; i <= n; i++)
      mark(state, Math.round(fromRow + ((row - fromRow) * i) / n),
        Math.round(fromCol + ((col - fromCol) * i) / n), state.value);
    state.last = [row, col];
    paint(state);
  };
  canvas.onpointerdown = (event) => {
    event.preventDefault();
    canvas.focus();
    state.keys = false;
    canvas.setPointerCapture(event.pointerId);
    const [row, col] = place(event);
    state.value = state.marks[row * state.head.shape[1] + col] ? 0 : 1;
    state.last = null;
    state.drawing = true;
    stroke(event);
  };
  canvas.onpointermove = (event) => state.drawing && stroke(event);
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!state.drawing) return;
    state.drawing = false;
    send(state);
  };
  canvas.onkeydown = (event) => {
    const [height, width] = state.head.shape;
    const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    if (!move && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    state.keys = true;
    const here = () => state.row * width + state.col;
    if (move) {
      const value = state.marks[here()];
      state.row = Math.max(0, Math.min(height - 1, state.row + move[0]));
      state.col = Math.max(0, Math.min(width - 1, state.col + move[1]));
      if (event.shiftKey && state.marks[here()] !== value) { state.marks[here()] = value; send(state); }
    } else {
      mark(state, state.row, state.col, state.marks[here()] ? 0 : 1);
      send(state);
    }
    const word = state.head.words[state.marks[here()]];
    live.textContent = `row ${state.row + 1}, column ${state.col + 1}: ${word}`;
    paint(state);
  };
  canvas.onfocus = () => { state.keys = canvas.matches(":focus-visible"); paint(state); };
  canvas.onblur = () => paint(state);
};

export const draw = (component, head, arrays, shared) => {
  const element = component.parentElement;
  const state = painters.get(element) ?? { element };
  painters.set(element, state);
  const fresh = state.head?.stamp !== head.stamp;
  Object.assign(state, { component, head, arrays, shared });
  state.palette = head.palettes[shared.isDark(element) ? "dark" : "light"];
  if (!state.canvas || !state.canvas.isConnected) build(state);
  // What the viewer is painting wins over what the server knew before.
  if (fresh) state.marks = Uint8Array.from(arrays.marks.values);
  paint(state);
  const forget = shared.onTheme(() => {
    if (!element.isConnected) return;
    state.palette = head.palettes[shared.isDark(element) ? "dark" : "light"];
    paint(state);
  });
  return () => {
    forget();
    if (!element.isConnected) painters.delete(element);
  };
};
