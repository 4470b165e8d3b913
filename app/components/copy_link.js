// A button that copies the page's full link, and the link itself to read or take by hand.

import { make } from "./runtime/dom.js";

export const styles = ["copy_link.css"];

const SAID_MS = 2000;

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ root }) => {
  const button = make("button", { type: "button" });
  const field = make("input", { type: "text", readOnly: true });
  const status = make("span", { role: "status", ariaLive: "polite" });
  root.className = "copy-link";
  field.ariaLabel = "Link with every setting";
  root.append(button, field, status);
  field.onfocus = () => field.select();
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Where the page is not served securely, browsers offer no clipboard: the old way works.
      field.focus();
      field.select();
      document.execCommand("copy");
      button.focus();
    }
    status.textContent = "Copied";
    setTimeout(() => (status.textContent = ""), SAID_MS);
  };
  return {
    draw: (/** @type {{ query: string, label: string }} */ { query, label }) => {
      button.textContent = label;
      field.value = `${location.origin}${location.pathname}?${query}`;
      status.textContent = "";
    },
  };
};
