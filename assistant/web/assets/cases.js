// The start: a case summary comes in by pasting, from a file or from a sample; below it stand the cases.
import { call, debounce, h, part, place, Refused, say, show } from "/page/dom.js";

export function start(root, server) {
  const form = part(root, "start");
  const text = part(root, "text");
  const failed = part(root, "error");
  const samples = part(root, "samples");
  const file = part(root, "file");
  const button = part(root, "draft");

  form.addEventListener("click", (event) => {
    const way = event.target.dataset?.way;
    if (way === "paste") paste();
    else if (way === "file") file.click();
    else if (way === "sample") {
      samples.hidden = !samples.hidden;
      event.target.setAttribute("aria-expanded", String(!samples.hidden));
    } else if (event.target.dataset?.sample) sample(event.target.dataset.sample);
  });
  file.addEventListener("change", () => file.files[0] && read(file.files[0]));
  for (const name of ["dragover", "drop", "dragleave"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.toggle("over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
      else if (name === "drop" && event.dataTransfer.getData("text")) fill(event.dataTransfer.getData("text"));
    });
  }
  button.addEventListener("click", create);
  form.dataset.ready = "true"; // from here on what is clicked or dropped is heard
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      create();
    }
  });

  function fill(words, day = null) {
    text.value = words;
    if (day !== null) part(root, "day").value = day;
    show(failed, "");
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  }

  async function paste() {
    text.focus();
    try {
      const words = await navigator.clipboard.readText();
      if (words.trim()) fill(words);
    } catch {
      say(root, "Press Ctrl+V (or Cmd+V) to paste into the field.");
    }
  }

  async function sample(name) {
    await guarded(async () => {
      const found = await call(server, "sample_case", { name });
      fill(found.text, found.day);
      part(root, "services").value = "";
    });
  }

  async function read(chosen) {
    file.value = "";
    const ending = chosen.name.includes(".") ? chosen.name.slice(chosen.name.lastIndexOf(".")) : "";
    await guarded(async () => {
      show(failed, "");
      const answer = await fetch(`/upload?ending=${encodeURIComponent(ending)}`, { method: "POST", body: chosen });
      if (!answer.ok) throw new Refused("The file is too large to be read here; paste the case summary instead.");
      const found = await answer.json();
      if (found.error) throw new Refused(found.error);
      fill(found.text);
    });
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
      const made = await call(server, "create_case", {
        text: text.value, day: part(root, "day").value, services: part(root, "services").value,
      });
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

  // --- the list ---

  const words = part(root, "words");
  const table = part(root, "table");

  async function list() {
    try {
      place(table, (await call(server, "list_cases", { words: words.value })).html);
    } catch (error) {
      table.replaceChildren(h("p", { class: "notice error" }, error.message));
    }
  }

  words.addEventListener("input", debounce(list, 250));
  table.addEventListener("click", async (event) => {
    const id = event.target.dataset?.delete;
    if (!id) return;
    try {
      await call(server, "delete_case", { case: id });
      await list();
      say(root, "The case was deleted.", {
        label: "Bring it back",
        act: async () => { await call(server, "restore_case", { case: id }); await list(); },
      });
    } catch (error) {
      say(root, error.message);
    }
  });
  list();
}
