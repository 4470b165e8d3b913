// Every unit of both layers: lamp, name, field, a track filled up to its chance, its coin on it.
// A coin that falls on the filled part gives 1. Coins of the layer drawn next are sliders.

import { make } from "./runtime/dom.js";
import { short, signed } from "./runtime/numbers.js";

/**
 * One unit, as app/components/coin_rows.py describes it.
 * @typedef {object} Unit
 * @property {string} name
 * @property {number | null} state
 * @property {number | null} field
 * @property {number | null} p Its chance of a 1.
 * @property {number | null} u The number drawn or set.
 * @property {boolean} hand Whether the number was set by hand.
 * @property {boolean} held
 */

/**
 * @typedef {object} Layer
 * @property {string} title
 * @property {string} note
 * @property {boolean} next Whether the next half-step draws it.
 * @property {boolean} can_hold
 * @property {Unit[]} units
 */

/**
 * @typedef {object} Data
 * @property {string} moment Coins set by hand are forgotten when it changes.
 * @property {{ coin: string, chance: string, hold: string }} words
 * @property {Layer[]} layers
 */

/** What a press on a part of a row does. @typedef {"set" | "send" | "undo" | "hold"} Act */
/** @typedef {ReturnType<typeof buildRow>} Row */

export const styles = ["coin_rows.css"];

const HEADS = '<span></span><span></span><span class="field">field</span>'
  + '<span class="scale"><span>0</span><span>1</span></span>'
  + "<span><i>chance </i>p · coin → bit</span>";

/** @param {string} title */
const buildCoin = (title) =>
  make("input", { type: "range", className: "coin", min: "0", max: "0.99", step: "0.01", title });

/**
 * @param {string} className
 * @param {string} textContent
 * @param {string} title
 */
const buildTool = (className, textContent, title) =>
  make("button", { type: "button", className, textContent, title });

/**
 * @param {Layer} layer
 * @param {Data["words"]} words
 */
const buildRow = (layer, words) => {
  const span = (/** @type {string} */ className) => make("span", { className });
  const [lamp, name, field, mark, said] = ["lamp", "name", "field", "mark", "words"].map(span);
  const coin = layer.next ? buildCoin(words.coin) : null;
  const chance = layer.next ? buildTool("chance", "undo", words.chance) : null;
  const hold = layer.can_hold ? buildTool("hold", "hold", words.hold) : null;
  const track = make("span", { className: "track" }, mark, ...(coin ? [coin] : []));
  const tools = make("span", { className: "tools" }, ...[chance, hold].filter((tool) => !!tool));
  const row = make("div", { className: "row" }, lamp, name, field, track, said, tools);
  return { row, lamp, name, field, track, mark, words: said, coin, chance, hold };
};

/**
 * @param {Row} row
 * @param {(act: Act, value: number) => void} act
 */
const wire = ({ coin, chance, hold }, act) => {
  if (coin) {
    coin.oninput = () => act("set", Number(coin.value));
    coin.onchange = () => act("send", Number(coin.value));
    // A press on the very place where the open coin lies changes no value, but means it.
    coin.onclick = () => coin.dataset.open && act("send", Number(coin.value));
  }
  if (chance)
    chance.onclick = () => {
      act("undo", 0);
      coin?.focus();
    };
  if (hold) hold.onclick = () => act("hold", 0);
};

/**
 * @param {Layer} layer
 * @param {Row[]} rows
 */
const buildSection = (layer, rows) => {
  const title = make("span"), note = make("small");
  const heads = make("div", { className: "row heads", ariaHidden: "true", innerHTML: HEADS });
  const section = make("section", { className: layer.next ? "next" : "last" },
    make("h3", {}, title, note), heads,
    make("div", { className: "rows" }, ...rows.map(({ row }) => row)));
  return { section, title, note, rows };
};

/**
 * What is known of a unit: the server's word, or the coin the user just set. What narrow columns
 * leave out of the text is in <i>.
 * @param {Layer} layer
 * @param {Unit} unit
 * @param {number | null} u
 * @param {boolean} held
 */
export const wordsOf = (layer, { p, state, hand }, u, held) => {
  const same = (/** @type {string} */ text) => ({ text, long: text });
  if (p === null) return same(state === null ? "not drawn yet" : "fair coin");
  if (held) return same(`held at ${state}`);
  const chance = `p = ${p.toFixed(2)}`;
  if (u === null)
    return { text: `p ${short(p)} · <i>coin </i>?`, long: `${chance}, coin left to chance` };
  const outcome = layer.next ? Number(u < p) : state;
  const digits = Math.abs(u - p) < 0.01 ? 3 : 2; // as many as tell which is larger
  const how = layer.next ? "coin set to" : hand ? "set by hand to" : "drew";
  const before = layer.next || hand ? "✎ " : "<i>drew </i>";
  return { text: `p ${short(p, digits)} · ${before}${short(u, digits)} → ${outcome}`,
    long: `${chance}, ${how} ${u.toFixed(digits)}, gives ${outcome}` };
};

/**
 * @param {Row} parts
 * @param {Unit} unit
 * @param {{ u: number | null, held: boolean, long: string }} now
 */
const paintTools = ({ coin, chance, hold }, { name, state }, { u, held, long }) => {
  if (coin && chance) {
    coin.disabled = held;
    coin.dataset.open = u === null ? "open" : "";
    if (document.activeElement !== coin || u !== null) coin.value = String(u ?? 0.5);
    coin.ariaLabel = `Coin of ${name} for the next half-step`;
    coin.ariaValueText = long;
    chance.hidden = u === null;
    chance.ariaLabel = `Leave the coin of ${name} to chance`;
  }
  if (hold) {
    hold.hidden = coin !== null && u !== null;
    hold.textContent = held ? "held" : "hold";
    hold.ariaPressed = String(held);
    hold.ariaLabel = `Hold ${name} at ${state}`;
  }
};

/**
 * Draw a unit; returns what it says to who cannot see it.
 * @param {Row} parts
 * @param {Layer} layer
 * @param {Unit} unit
 * @param {number | null} u
 * @param {boolean} held
 */
const paintRow = (parts, layer, unit, u, held) => {
  const { text, long } = wordsOf(layer, unit, u, held && (layer.next || unit.held));
  const { row, lamp, name, field, track, mark, words } = parts;
  const coinOpen = layer.next && u === null;
  lamp.textContent = String(unit.state ?? "·");
  lamp.classList.toggle("lit", unit.state === 1);
  name.textContent = name.title = unit.name;
  field.textContent = unit.field === null ? "" : signed(unit.field);
  field.title = "field: input of the unit";
  track.style.setProperty("--p", `${100 * (unit.p ?? 0)}%`);
  track.style.setProperty("--u", `${100 * (u ?? 0.5)}%`);
  mark.textContent = coinOpen ? "?" : "";
  mark.hidden = unit.p === null || (held && u === null) || (u === null && !layer.next);
  row.classList.toggle("hand", layer.next ? u !== null : unit.hand);
  row.classList.toggle("open", coinOpen);
  words.innerHTML = text; // numbers and our own words
  row.dataset.long = words.title = long;
  paintTools(parts, unit, { u, held, long });
  const push = unit.field === null ? "" : `, field ${signed(unit.field)}`;
  return `${unit.name} is ${unit.state ?? "open"}${push}, ${long}`;
};

/** What is set by hand at this moment of the walk. */
export class Orders {
  /** @type {Map<number, number>} */
  coins = new Map();
  /** @type {Set<number>} */
  held = new Set();

  /** @param {Data} data */
  constructor({ layers }) {
    for (const layer of layers)
      layer.units.forEach(({ hand, held, u }, i) => {
        if (layer.next && hand && u !== null) this.coins.set(i, u);
        if (layer.can_hold && held) this.held.add(i);
      });
  }

  /**
   * Do what was asked for; returns whether the server is to hear of it.
   * @param {Act} act
   * @param {number} unit
   * @param {number} value
   */
  take(act, unit, value) {
    if (act === "set" || act === "send") this.coins.set(unit, value);
    else this.coins.delete(unit);
    if (act === "hold" && !this.held.delete(unit)) this.held.add(unit);
    return act !== "set";
  }

  /** @param {string} moment */
  toServer(moment) {
    const held = [...this.held].sort((a, b) => a - b);
    return { moment, coins: Object.fromEntries(this.coins), held };
  }
}

/**
 * Draw a layer; returns what it says to who cannot see it.
 * @param {ReturnType<typeof buildSection>} nodes
 * @param {Layer} layer
 * @param {Orders} orders
 */
const paintLayer = ({ section, title, note, rows }, layer, { coins, held }) => {
  title.textContent = layer.title;
  note.textContent = layer.note;
  section.ariaLabel = `${layer.title}, ${layer.note}`;
  const said = layer.units.map((unit, i) => {
    const u = layer.next ? coins.get(i) ?? null : unit.u;
    return paintRow(rows[i], layer, unit, u, layer.can_hold && held.has(i));
  });
  return `${section.ariaLabel}: ${said.join("; ")}.`;
};

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ root, trigger }) => {
  root.className = "coins";
  root.role = "group";
  /** @type {Data} */
  let data;
  /** @type {Orders} */
  let orders;
  /** @type {ReturnType<typeof buildSection>[]} */
  let sections = [];
  let built = "";

  /** @param {Act} act @param {number} unit @param {number} value */
  const take = (act, unit, value) => {
    const heard = orders.take(act, unit, value);
    paint();
    if (heard) trigger("orders", orders.toServer(data.moment));
  };
  const build = () => {
    sections = data.layers.map((layer) => {
      const rows = layer.units.map(() => buildRow(layer, data.words));
      rows.forEach((row, i) => wire(row, (act, value) => take(act, i, value)));
      return buildSection(layer, rows);
    });
    root.replaceChildren(...sections.map(({ section }) => section));
  };
  const paint = () => {
    const said = data.layers.map((layer, i) => paintLayer(sections[i], layer, orders));
    root.ariaLabel = said.join(" ");
    root.dataset.moment = data.moment;
  };
  return {
    draw: (now) => {
      // What the user set at this moment may not have reached the server yet: it stays.
      if (now.moment !== data?.moment) orders = new Orders(now);
      data = now;
      const shape = data.layers.map(({ next, units }) => [next, units.length]).join();
      if (shape !== built) build();
      built = shape;
      paint();
    },
  };
};
