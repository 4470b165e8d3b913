// The correction chart: drawn whole by Plotly.js, uncovered step by step by the playback.

const charts = new WeakMap();

const uncover = (state, clock) => {
  const { plot, figure, nSteps } = state;
  const position = Math.min(clock.position, nSteps), done = position >= nSteps;
  const shapes = [...figure.layout.shapes];
  if (!done)
    for (const number of ["", "2"]) {
      const place = { xref: "x" + number, yref: `y${number} domain`, y0: 0, y1: 1 };
      shapes.push(
        { ...place, type: "rect", x0: Math.max(position, 0.5), x1: nSteps * 1.2, layer: "above",
          line: { width: 0 }, fillcolor: state.background, opacity: 0.93 },
        { ...place, type: "line", x0: Math.max(position, 0.5), x1: Math.max(position, 0.5),
          line: { width: 2, color: figure.layout.font.color } });
    }
  plot.dataset.step = position;
  if (shapes.length === state.nShapes && done) return;
  state.nShapes = shapes.length;
  window.Plotly.relayout(plot, { shapes, hovermode: done ? figure.layout.hovermode : false });
};

export const draw = async ({ data, parentElement }, { playback, board }) => {
  const root = parentElement.querySelector(".correction");
  const plot = root.firstElementChild;
  root.style.height = data.height + "px";
  await board.loadPlotly(data.plotly);
  const palette = data.palettes[board.isDark(parentElement) ? "dark" : "light"];
  const figure = board.paint(data.figure, palette);
  if (data.projector) board.enlarge(figure);
  plot.setAttribute("aria-label", data.alt);
  const layout = { ...figure.layout, height: data.height };
  await window.Plotly.react(plot, figure.data, layout, {
    displayModeBar: false, responsive: true, doubleClick: "reset",
  });
  const state = { plot, figure: { ...figure, layout }, nSteps: data.playback.n_steps,
    nShapes: layout.shapes.length,
    background: getComputedStyle(parentElement).getPropertyValue("--st-background-color") || "#fff" };
  charts.set(plot, state);
  playback.follow(root, data.playback, (clock) => uncover(charts.get(plot), clock));
};
