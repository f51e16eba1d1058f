// The settings as they are in force.
import { call, h, part, place } from "/page/dom.js";

export async function start(root, server) {
  const rows = part(root, "rows");
  try {
    place(rows, (await call(server, "read_settings")).html);
  } catch (error) {
    rows.replaceChildren(h("p", { class: "notice error" }, error.message));
  }
}
