// The row as large tiles: what the shown chain says now, and whether the row is right.

const SURE = 0.9; // from this probability on a right row counts as repaired

const build = (root, data) => {
  root.replaceChildren();
  const row = document.createElement("div");
  row.className = "tiles-row";
  row.append(...data.names.map((name, i) => {
    const tile = document.createElement("div");
    tile.className = i < data.n_inputs ? "tile" : "tile tile-out";
    tile.innerHTML = "<small></small><b></b><i></i>";
    tile.querySelector("small").textContent = name;
    return tile;
  }));
  const readout = document.createElement("p");
  readout.className = "tiles-readout";
  root.append(row, readout);
};

const paint = (root, data, clock, bits) => {
  const position = Math.min(clock.position, data.exact.length - 1);
  const edited = clock.edited !== null;
  const right = data.legal.includes(parseInt(bits, 2));
  const sure = !edited && data.exact[position] >= SURE;
  const verdict = !right ? "wrong" : sure ? "right" : "";
  const tiles = [...root.querySelectorAll(".tile")];
  tiles.forEach((tile, i) => {
    const output = i >= data.n_inputs;
    tile.querySelector("b").textContent = bits[i];
    tile.dataset.state = output ? verdict : data.held ? "held" : "free";
    tile.querySelector("i").textContent =
      output ? { wrong: "✗ wrong", right: "✓ right", "": "✓ now" }[verdict] : data.held ? "held" : "free";
  });
  root.querySelector(".tiles-readout").textContent = edited
    ? "set by hand"
    : `step ${position} of ${data.exact.length - 1} · P(right) ${data.exact[position].toFixed(2)} exact`;
  root.dataset.bits = bits;
  root.dataset.step = position;
  root.dataset.state = verdict;
  root.setAttribute("aria-label", data.names.map((name, i) => `${name} is ${bits[i]}`).join(", ")
    + `; the row is ${right ? "right" : "wrong"}`
    + (edited ? "" : `; probability that it is right ${data.exact[position].toFixed(2)}, exact`));
};

export const draw = ({ data, parentElement }, { playback: { clock } }) => {
  const root = parentElement.querySelector(".tiles");
  const shape = data.names.join() + data.n_inputs;
  if (root.dataset.shape !== shape) build(root, data);
  root.dataset.shape = shape;
  clock.follow(root, data.playback, () => paint(root, data, clock, clock.bitsOf(data.chain)));
};
