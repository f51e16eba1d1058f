// Bringing in a guideline's text: a file is chosen, what it would be cited by is shown in fields, then it is imported.
// The file stays in the browser's hand and goes with each request; the server keeps it only while it reads it.
import { h, part, say, show } from "/page/dom.js";
import { figures } from "/page/progress.js";

const GUESSED = ["label", "edition", "in_force_from", "in_force_to", "kind"];
const UNREACHABLE = "The program does not answer; see in the terminal whether it runs.";

export function startGuidelineImport(root, imported) {
  const dialog = part(root, "guideline-dialog");
  const form = part(root, "guideline-form");
  const input = part(root, "guideline-input");
  const drop = part(root, "guideline-drop");
  const button = part(root, "guideline-import");
  const fault = part(root, "guideline-error");
  const state = part(root, "guideline-state");
  let file = null;
  let shown = null;
  let asked = 0;
  let following = false;
  const progress = part(root, "guideline-progress");
  const stop = part(root, "guideline-stop");
  const told = new Set();

  part(root, "guideline-open").addEventListener("click", () => { if (!following) reset(); dialog.showModal(); });
  part(root, "guideline-cancel").addEventListener("click", () => dialog.close());
  part(root, "guideline-choose").addEventListener("click", () => input.click());
  input.addEventListener("change", () => { if (input.files.length) choose(input.files[0]); input.value = ""; });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.toggle("over", name === "dragover"); });
  }
  drop.addEventListener("drop", (event) => { if (event.dataTransfer.files.length) choose(event.dataTransfer.files[0]); });
  form.addEventListener("change", (event) => {
    if (!event.target.name || event.target.name === "replace") return;
    if (event.target.value || event.target.type === "checkbox") told.add(event.target.name);
    else told.delete(event.target.name);
    look();
  });
  stop.addEventListener("click", () => { stop.disabled = true; ask("stop"); });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (!button.disabled) take(); });

  function reset() {
    asked += 1;
    file = shown = null;
    told.clear();
    form.reset();
    part(root, "guideline-fields").hidden = true;
    part(root, "guideline-file").textContent = drop.dataset.words ??= part(root, "guideline-file").textContent;
    part(root, "guideline-choose").textContent = "Choose a file";
    show(fault, "");
    state.textContent = "";
    button.disabled = true;
  }

  function choose(chosen) {
    reset();
    file = chosen;
    part(root, "guideline-file").textContent = chosen.name;
    part(root, "guideline-choose").textContent = "Choose another file";
    look();
  }

  const send = (act, values) => ask(act, { name: file.name, ...values }, file);

  async function ask(act, values = {}, body = null) {
    let response = null;
    try {
      response = await fetch(`/guideline/${act}?${new URLSearchParams(values)}`, { method: "POST", body });
    } catch {
      return { error: UNREACHABLE };
    }
    if (response.status === 413) return { error: "The file is larger than 25 MB; import it on the command line (imr-assistant import)." };
    return response.ok ? response.json() : { error: UNREACHABLE };
  }

  function given() {
    const values = new FormData(form);
    return Object.fromEntries([...told].map((name) => [name, values.get(name) ?? ""]).filter(([, value]) => value));
  }

  async function look() {
    if (!file) return;
    const turn = ++asked;
    state.textContent = "Reading the file";
    button.disabled = true;
    const answer = await send("preview", given());
    if (turn !== asked) return;
    state.textContent = "";
    if (answer.error) { show(fault, answer.error); return; }
    shown = answer;
    fill(answer);
  }

  function fill(answer) {
    part(root, "guideline-fields").hidden = false;
    for (const name of GUESSED) {
      const field = answer.fields[name];
      if (name === "kind") form.elements.kind.value = field?.value ?? "official";
      else form.elements[name].value = field?.value ?? "";
      const origin = form.querySelector(`[data-from="${name}"]`);
      if (origin) origin.textContent = field ? (field.from === "as given" ? "As you gave it" : `From ${field.from}`) : "";
    }
    for (const name of ["in_force_from", "in_force_to"]) form.elements[name].disabled = form.elements.not_dated.checked;
    part(root, "guideline-report").replaceChildren(
      h("ul", {}, answer.facts.map((line) => h("li", {}, line))),
      ...answer.doubts.map((line) => h("p", { class: "notice" }, line)),
    );
    part(root, "guideline-held").hidden = !answer.held;
    part(root, "guideline-held-words").textContent = `Put it in the place of what was imported under this name before (passages: ${answer.held})`;
    show(fault, answer.lacking);
    button.disabled = Boolean(answer.lacking);
  }

  async function take() {
    button.disabled = true;
    show(fault, "");
    const replace = form.elements.replace.checked && shown.held ? { replace: "yes" } : {};
    const answer = await send("import", { ...given(), ...replace, content_hash: shown.content_hash });
    if (answer.error) { show(fault, answer.error); button.disabled = false; return; }
    follow(answer.job);
  }

  // The import runs on the server; the dialog may be closed meanwhile, and a page that is loaded anew finds it again.
  async function follow(first) {
    following = true;
    stop.disabled = false;
    button.disabled = true;
    let job = first;
    while (job && !job.over) {
      paint(job);
      await new Promise((done) => setTimeout(done, 300));
      const answer = await ask("follow");
      if (answer.error) { job = { over: true, error: answer.error }; break; }
      job = answer.job;
    }
    following = false;
    progress.hidden = true;
    button.disabled = !shown;
    if (!job) return;
    if (job.error) {
      show(fault, job.error);
      say(root, job.error);
      return;
    }
    dialog.close();
    say(root, job.imported.said);
    imported(job.imported.label, report(job.imported));
  }

  function paint(job) {
    progress.hidden = false;
    const bar = part(root, "guideline-bar");
    if (job.total) {
      bar.max = job.total;
      bar.value = job.done;
    } else bar.removeAttribute("value");
    const far = job.total ? figures(job, "passages") : "Reading the file";
    part(root, "guideline-figures").textContent = job.stopping ? "Stopping" : far;
  }

  function report(done) {
    return h("section", { class: "notice imported", "aria-label": "Report of the import" },
      h("p", {}, done.said),
      h("ul", {}, done.facts.map((line) => h("li", {}, line))),
      done.doubts.map((line) => h("p", { class: "small" }, line)),
      h("button", { class: "quiet", type: "button", onclick: (event) => event.target.closest("section").remove() }, "Put the report away"));
  }

  ask("follow").then((answer) => {
    if (!answer.job || answer.job.over) return;
    dialog.showModal();
    follow(answer.job);
  });
}
