// The form of a new case: a summary comes in by pasting, from a file or from a sample, and is kept as it is typed.
import { call, debounce, h, part, Refused, say, show } from "/page/dom.js";
import { takeFiles } from "/page/case_upload.js";
import { Unsent } from "/page/case_unsent.js";
import { look } from "/page/looks.js";

const FIELDS = ["text", "day", "services", "received", "priority"];

function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

export async function startForm(root, server) {
  const form = part(root, "start");
  const fields = Object.fromEntries(FIELDS.map((name) => [name, part(root, name)]));
  const failed = part(root, "error");
  const note = part(root, "read");
  const samples = part(root, "samples");
  const button = part(root, "draft");
  const clear = part(root, "clear");
  const text = fields.text;

  const unsent = new Unsent(server, part(root, "kept"), values, (kept) => put(kept));
  const upload = takeFiles(root, { took, refused: (sentence) => show(failed, sentence), pasted: (words) => fill(words) });

  form.addEventListener("click", (event) => {
    const way = event.target.dataset?.way;
    if (way === "paste") paste();
    else if (way === "file") upload.choose();
    else if (way === "sample") {
      samples.hidden = !samples.hidden;
      event.target.setAttribute("aria-expanded", String(!samples.hidden));
    } else if (event.target.dataset?.sample) sample(event.target.dataset.sample);
  });
  form.addEventListener("input", (event) => FIELDS.includes(event.target.dataset?.part) && changed());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      create();
    }
  });
  button.addEventListener("click", create);
  clear.addEventListener("click", () => {
    const before = values();
    put({ priority: before.priority });
    changed();
    say(root, "The form was cleared.", { label: "Put it back", act: () => { put(before); changed(); } });
    text.focus();
  });

  function values() {
    return Object.fromEntries(FIELDS.map((name) => [name, fields[name].value]));
  }

  function put(given) {
    for (const name of FIELDS) fields[name].value = given[name] ?? "";
    if (!fields.priority.value) fields.priority.selectedIndex = 0;
    show(note, "");
    marked();
    due();
  }

  function marked() {
    clear.hidden = !FIELDS.some((name) => name !== "priority" && fields[name].value);
  }

  function changed() {
    show(failed, "");
    marked();
    unsent.changed();
    due();
  }

  // What stood in the field before is one click away.
  function fill(words, day = null) {
    const before = values();
    text.value = words;
    if (day !== null) fields.day.value = day;
    show(note, "");
    changed();
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
    if (before.text.trim() && before.text !== words) {
      say(root, "The text that stood in the field was replaced.", {
        label: "Put it back", act: () => { put(before); changed(); },
      });
    }
  }

  function took(found) {
    fill(found.text);
    const pages = found.pages > 1 ? `${found.pages.toLocaleString("en")} pages, ` : "";
    const size = `${found.text.length.toLocaleString("en")} characters`;
    note.replaceChildren(
      h("p", {}, `The file was read: ${pages}${size}. Look it over before you draft.`),
      ...(found.warnings ?? []).map((warning) => h("p", {}, warning)));
    note.hidden = false;
  }

  async function paste() {
    text.focus();
    try {
      const words = await navigator.clipboard.readText();
      if (words.trim()) fill(words);
      else say(root, "There is no text to paste.");
    } catch {
      say(root, "Press Ctrl+V (or Cmd+V) to paste into the field.");
    }
  }

  async function sample(name) {
    await guarded(async () => {
      const found = await call(server, "sample_case", { name });
      fields.services.value = "";
      fill(found.text, found.day);
    });
  }

  const asked = debounce(async () => {
    const said = part(root, "due");
    try {
      const { due: sentence } = await call(server, "when_due", { received: fields.received.value, priority: fields.priority.value });
      show(said, sentence);
    } catch (error) {
      show(said, error instanceof Refused ? error.message : "");
    }
  }, 200);

  function due() {
    if (fields.received.value) asked();
    else { asked.cancel(); show(part(root, "due"), ""); }
  }

  async function create() {
    if (button.disabled) return;
    if (!text.value.trim()) {
      show(failed, "There is no case summary yet: paste one, choose a file, or try a sample.");
      text.focus();
      return;
    }
    button.disabled = true;
    await guarded(async () => {
      show(failed, "");
      await unsent.rest();
      const made = await call(server, "create_case", values());
      unsent.sent();
      location.assign(`/case?id=${encodeURIComponent(made.id)}`);
    });
    button.disabled = false;
  }

  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      show(failed, error.message);
    }
  }

  await unsent.restore();
  if (!fields.day.value && !text.value && look().day === "today") fields.day.value = today();
}
