// The buttons that move the clock of an experiment: everything they do happens in the browser.

import { make, makeSvg } from "./runtime/dom.js";
import { clock } from "./runtime/playback.js";

/**
 * A button, or the choice of a speed, with its key in the page.
 * @typedef {object} Control
 * @property {string} key
 * @property {string} label
 * @property {string} help
 */

/**
 * @typedef {object} Data
 * @property {Record<string, Control>} buttons By what they do: "run", "step", "rewind".
 * @property {string} pause What the run button says while it plays.
 * @property {Control | null} speed
 * @property {Record<import("./runtime/playback.js").Speed, string>} speeds What each is called.
 * @property {import("./runtime/playback.js").Playback} playback
 */

export const styles = ["playback_bar.css"];

// Lines on 24 by 24, as Streamlit's own icons are.
const ICONS = {
  run: "M8.5 6.5v11l8.5-5.5z",
  pause: "M7 6h3.5v12H7zM13.5 6H17v12h-3.5z",
  step: "M6.5 7.5v9l6.5-4.5zM17 7v10",
  rewind: "M5.5 13a6.5 6.5 0 1 0 6.5-6.5H9M12 3.5l-3 3 3 3",
};

/** @type {Record<string, () => void>} */
const ACTS = { run: () => clock.run(), step: () => clock.step(), rewind: () => clock.rewind() };

/**
 * Give a button its icon and words.
 * @param {HTMLButtonElement} button
 * @param {keyof typeof ICONS} icon
 * @param {string} text
 */
const label = (button, icon, text) => {
  if (button.dataset.icon === icon) return;
  button.dataset.icon = icon;
  const drawing = makeSvg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" },
    makeSvg("path", { d: ICONS[icon] }));
  button.replaceChildren(drawing, make("span", { textContent: text }));
};

/**
 * @param {string} name
 * @param {Control} control
 */
const makeButton = (name, control) => {
  const button = make("button", { type: "button", title: control.help, onclick: ACTS[name] });
  label(button, /** @type {keyof typeof ICONS} */ (name), control.label);
  // The same hook as any control of the page has: its key.
  return make("div", { className: `st-key-${control.key}` }, button);
};

/**
 * One of a few, as radio buttons: arrow keys move between them.
 * @param {Control} control
 * @param {Data["speeds"]} speeds
 */
const makeSpeeds = (control, speeds) => {
  const options = Object.entries(speeds).map(([value, text]) => {
    const radio = make("input", { type: "radio", name: control.key, value, className: "unseen" });
    radio.onchange = () => clock.choose(/** @type {keyof Data["speeds"]} */ (value));
    return make("label", {}, radio, text);
  });
  const group = make("div", { className: `speeds st-key-${control.key}`, title: control.help,
    role: "radiogroup", ariaLabel: control.label }, ...options);
  return group;
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ root, trigger }) => {
  root.className = "playback-bar";
  let built = "";
  const silence = clock.listen((event) => trigger("event", event));

  const build = (/** @type {Data} */ data) => {
    const { playback: _, ...shape } = data;
    const text = JSON.stringify(shape);
    if (text === built) return;
    built = text;
    root.replaceChildren(
      ...Object.entries(data.buttons).map(([name, control]) => makeButton(name, control)),
      ...(data.speed ? [makeSpeeds(data.speed, data.speeds)] : []),
    );
  };

  const paint = (/** @type {Data} */ { buttons, pause }) => {
    const run = buttons.run && root.querySelector("button");
    if (run) label(run, clock.playing ? "pause" : "run", clock.playing ? pause : buttons.run.label);
    for (const radio of root.querySelectorAll("input")) radio.checked = radio.value === clock.speed;
    root.dataset.playing = String(clock.playing);
  };

  return {
    draw: (data) => {
      build(data);
      clock.follow(root, data.playback, () => paint(data));
    },
    destroy: silence,
  };
};
