// Draws a component: loads its script and styles once, reads its data, hands on a change of theme.

import { unpack } from "./packing.js";
import { themeAt } from "./theme.js";

/**
 * What Streamlit hands over when it calls a component: at first, with each change of its data, and
 * when the theme changed.
 * @typedef {object} Call
 * @property {any} data What Python sent: plain values, or packed bytes.
 * @property {HTMLElement} parentElement The same for every call of one component.
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/**
 * What a component's script works with.
 * @typedef {object} Host
 * @property {HTMLElement} root The component's own element, empty at first.
 * @property {import("./theme.js").Theme} theme What the viewer sees now.
 * @property {(name: string, value: unknown) => void} setState Tells the server a lasting value.
 * @property {(name: string, value: unknown) => void} trigger Tells the server of an event.
 */

/**
 * What a component's script makes of its host.
 * @typedef {object} View
 * @property {(data: any) => void | Promise<void>} draw Draws new data.
 * @property {() => void | Promise<void>} [repaint] Draws the same again, in the theme of now.
 * @property {() => void} [destroy] Called when the component has left the page.
 */

/**
 * A component's script.
 * @typedef {object} Script
 * @property {(host: Host) => View} mount
 * @property {string[]} styles Its style sheets, in app/components.
 * @property {() => Promise<unknown>} [ready] What must be loaded before.
 */

const COMPONENTS = new URL("..", import.meta.url);
/** @type {Map<string, Promise<unknown>>} */
const sheets = new Map();
/** @type {WeakMap<HTMLElement, Mounted>} */
const mounted = new WeakMap();

/**
 * Load a style sheet once per page.
 * @param {string} name A file of app/components.
 */
const loadStyles = (name) => {
  let loading = sheets.get(name);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const link = document.createElement("link");
      link.rel = "stylesheet";
      link.href = new URL(name, COMPONENTS).href;
      link.onload = resolve;
      link.onerror = () => reject(new Error(`${name} was not served`));
      document.head.append(link);
    });
    sheets.set(name, loading);
  }
  return loading;
};

/**
 * @param {string} name
 * @returns {Promise<Script>}
 */
const loadScript = async (name) => {
  const script = await import(new URL(`${name}.js`, COMPONENTS).href);
  const styles = ["runtime/base.css", ...script.styles];
  await Promise.all([...styles.map(loadStyles), script.ready?.()]);
  return script;
};

class Mounted {
  /** @type {View | null} */
  #view = null;
  #turn = 0;
  /** What was drawn last: the same object again means the same data. @type {unknown} */
  #drawn;
  #call;
  #host;

  /** @param {Call} call */
  constructor(call) {
    const root = document.createElement("div");
    call.parentElement.append(root);
    this.#call = call;
    /** @type {Host} */
    this.#host = {
      root,
      theme: themeAt(root),
      setState: (name, value) => this.#call.setStateValue(name, value),
      trigger: (name, value) => this.#call.setTriggerValue(name, value),
    };
  }

  /**
   * @param {Call} call
   * @param {string} name
   */
  async draw(call, name) {
    this.#call = call;
    const turn = ++this.#turn;
    try {
      const script = await loadScript(name);
      const data = call.data instanceof Uint8Array ? await unpack(call.data) : call.data;
      if (turn !== this.#turn) return; // a newer call is on its way
      await this.#show(script, call.data, data);
    } catch (error) {
      console.error(error);
      const reason = error instanceof Error ? error.message : String(error);
      this.#host.root.textContent = `This part of the page cannot be drawn: ${reason}`;
    }
  }

  /**
   * @param {Script} script
   * @param {unknown} sent What came.
   * @param {any} data
   */
  async #show(script, sent, data) {
    const { root } = this.#host, before = this.#host.theme.mode;
    this.#host.theme = themeAt(root);
    root.dataset.theme = this.#host.theme.mode;
    this.#view ??= script.mount(this.#host);
    root.classList.add("rbm");
    if (sent !== this.#drawn) {
      this.#drawn = sent;
      await this.#view.draw(data);
    } else if (before !== this.#host.theme.mode) await this.#view.repaint?.();
  }

  leave() {
    const { root } = this.#host;
    if (root.isConnected) return; // an update, not the end
    this.#turn += 1;
    this.#view?.destroy?.();
    this.#view = null;
  }
}

/**
 * Draw a component.
 * @param {Call} call
 * @param {string} name Its script in app/components, without the ending.
 * @returns {Promise<() => void>} What Streamlit shall call when the component leaves the page.
 */
export const draw = async (call, name) => {
  const here = mounted.get(call.parentElement) ?? new Mounted(call);
  mounted.set(call.parentElement, here);
  await here.draw(call, name);
  return () => here.leave();
};
