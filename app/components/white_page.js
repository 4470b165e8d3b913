// White, whatever the viewer's system prefers: a dark page washes out on a projector.

/** @type {string[]} */
export const styles = [];

/** @type {import("./runtime/loader.js").Script["mount"]} */
export const mount = ({ theme }) => ({
  draw: () => {
    // Streamlit takes a theme from the address alone, and only while the page loads.
    const address = new URL(location.href);
    if (theme.mode === "light" || address.searchParams.has("embed_options")) return;
    address.searchParams.set("embed_options", "light_theme");
    location.replace(address);
  },
});
