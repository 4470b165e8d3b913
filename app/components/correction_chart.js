// The correction chart: drawn whole by Plotly.js, uncovered step by step by the playback.

const charts = new WeakMap();

const uncover = (state, clock) => {
  const { plot, marks, nSteps } = state;
  const position = Math.min(clock.position, nSteps), done = position >= nSteps;
  plot.dataset.step = position;
  if (done && !state.covered) return;
  // Just behind the point of this step; a logarithmic axis has no zero.
  const edge = state.logarithmic ? Math.max(position, 0.9) * 1.03 : position + 0.012 * nSteps;
  const curtains = done ? [] : ["", "2"].flatMap((number) => {
    const place = { xref: "x" + number, yref: `y${number} domain`, y0: 0, y1: 1, x0: edge };
    return [
      { ...place, type: "rect", x1: nSteps * 1.2, line: { width: 0 }, fillcolor: state.background },
      { ...place, type: "line", x1: edge, line: { width: 2, color: state.ink } },
    ];
  });
  state.covered = !done;
  window.Plotly.relayout(plot, {
    shapes: [...curtains, ...structuredClone(marks)], hovermode: done ? state.hovermode : false,
  });
};

// For a lecture hall; a hundred thick chains would be a grey wall, so they stay thin.
const enlarge = (figure, board) => {
  const widths = figure.data.map((trace) => trace.line?.width);
  board.enlarge(figure);
  figure.data.forEach((trace, i) => { if (widths[i] < 1) trace.line.width = widths[i]; });
  const { annotations, legend, xaxis, xaxis2, yaxis } = figure.layout;
  for (const part of [...annotations, legend, xaxis.title, xaxis2.title, yaxis.title])
    part.font = { ...part.font, size: Math.max(15, part.font.size) };
};

export const draw = async ({ data, parentElement }, { playback: { clock }, board }) => {
  const root = parentElement.querySelector(".correction");
  const plot = root.firstElementChild;
  root.style.height = data.height + "px";
  await board.loadPlotly(data.plotly);
  const palette = data.palettes[board.isDark(parentElement) ? "dark" : "light"];
  const figure = board.paint(data.figure, palette);
  if (data.projector) enlarge(figure, board);
  plot.setAttribute("aria-label", data.alt);
  const layout = { ...figure.layout, height: data.height };
  await window.Plotly.react(plot, figure.data, layout, {
    displayModeBar: false, responsive: true, doubleClick: "reset",
  });
  const { shapes, hovermode, font, xaxis } = board.paint(data.figure, palette).layout;
  charts.set(plot, { plot, marks: shapes, hovermode, ink: font.color, covered: true,
    logarithmic: xaxis.type === "log",
    nSteps: data.playback.n_steps,
    background: getComputedStyle(parentElement).getPropertyValue("--st-background-color") || "#fff" });
  clock.follow(root, data.playback, () => uncover(charts.get(plot), clock));
};
