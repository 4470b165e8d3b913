// Runs in the page itself, before anything else: one press of the visitor's is one step of the
// browser's history. The address is written in two, first the page's and then the settings', and
// once more when a page is opened; what the visitor did not ask for completes the step before it.
(() => {
  const push = history.pushState.bind(history);
  let pressed = false;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { pressed = true; }, { capture: true, passive: true });
  }
  history.pushState = (state, title, address) => {
    if (pressed) push(state, title, address);
    else history.replaceState(state, title, address);
    pressed = false;
  };
})();
