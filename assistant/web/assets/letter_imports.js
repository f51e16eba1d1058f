// Determinations come in by dropping or choosing; the import runs on the server, and this page follows it.
import { asking, call, h, part, place, Refused, say, show } from "/page/dom.js";
import { figures as inWords } from "/page/progress.js";

export function start(root, server) {
  const drop = part(root, "drop");
  const text = part(root, "text");
  const failed = part(root, "error");
  const progress = part(root, "progress");
  const bar = part(root, "bar");
  const figures = part(root, "figures");
  const cancel = part(root, "cancel");
  const asked = asking();
  let at_work = false; // files are on their way, or an import is followed

  for (const [button, input] of [["choose", "files"], ["folder", "tree"]]) {
    part(root, button).addEventListener("click", () => part(root, input).click());
    part(root, input).addEventListener("change", (event) => {
      const chosen = [...event.target.files];
      event.target.value = "";
      bring(chosen);
    });
  }
  for (const name of ["dragover", "drop", "dragleave"]) {
    drop.addEventListener(name, async (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragover");
      if (name === "drop") bring(await dropped(event.dataTransfer));
    });
  }
  cancel.addEventListener("click", () => guarded(async () => {
    cancel.disabled = true;
    await call(server, "cancel_import");
  }));
  root.addEventListener("click", (event) => {
    const { goOn, drop: away } = event.target.dataset ?? {};
    if (goOn) guarded(async () => follow(await call(server, "go_on", { number: Number(goOn) })));
    else if (away) guarded(async () => { await call(server, "drop_files", { number: Number(away) }); await list(); });
    const link = event.target.closest?.("[data-open]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go({ [link.dataset.open]: link.dataset.number });
  });
  addEventListener("popstate", read);
  drop.dataset.ready = "true";

  // --- files in ---

  async function bring(chosen) {
    if (!chosen.length) return;
    if (at_work) {
      show(failed, "An import is under way; wait for its end, or stop it.");
      return;
    }
    at_work = true;
    const refused = [];
    await guarded(async () => {
      show(failed, "");
      const { token } = await call(server, "begin_upload");
      progress.hidden = false;
      cancel.hidden = true;
      let taken = 0;
      for (const [number, file] of chosen.entries()) {
        bar.max = chosen.length;
        bar.value = number;
        figures.textContent = `Taking file ${number + 1} of ${chosen.length}`;
        const error = await send(token, file);
        if (error) refused.push(`${file.name}: ${error}`);
        else taken += 1;
      }
      if (!taken) throw new Refused(refused[0]);
      if (refused.length) show(failed, `${refused.length} of ${chosen.length} files were not taken. ${refused[0]}`);
      follow(await call(server, "start_import", { token }));
      await list();
    });
    if (!cancel.hidden) return;
    at_work = false;
    progress.hidden = true;
  }

  async function send(token, file) {
    const headers = { "x-import": token, "x-file-name": encodeURIComponent(file.name) };
    const answer = await fetch("/import-upload", { method: "POST", headers, body: file });
    if (!answer.ok) return "the file is too large to be taken here; import it by command.";
    return (await answer.json()).error ?? "";
  }

  // --- the import under way ---

  async function follow(answer) {
    at_work = true;
    cancel.hidden = false;
    cancel.disabled = false;
    let job = answer.job;
    while (job && !job.over) {
      paint(job);
      await new Promise((done) => setTimeout(done, 400));
      try {
        job = (await call(server, "follow_import")).job;
      } catch (error) {
        show(failed, error.message);
        break;
      }
    }
    at_work = false;
    progress.hidden = true;
    cancel.hidden = true;
    if (job?.error) show(failed, job.error);
    await list();
    const newest = root.querySelector("[data-import]");
    if (job?.over && newest) go({ id: newest.dataset.import });
  }

  function paint(job) {
    progress.hidden = false;
    bar.max = Math.max(1, job.total);
    bar.value = job.done;
    const far = job.total ? inWords(job, "documents") : "Counting what is there";
    figures.textContent = job.stopping ? "Stopping after this letter" : far;
  }

  // --- reports and letters ---

  async function list() {
    await guarded(async () => {
      const answer = await call(server, "list_imports");
      place(part(root, "imports"), answer.imports);
      place(part(root, "letters"), answer.letters);
    });
  }

  function go(query) {
    history.pushState(null, "", `/imports?${new URLSearchParams(query)}`);
    read();
  }

  async function read() {
    const newest = asked();
    const query = new URLSearchParams(location.search);
    const [id, letter] = [query.get("id"), query.get("letter")];
    part(root, "split").classList.toggle("opened", Boolean(id || letter));
    if (!id && !letter) {
      text.replaceChildren(h("p", { class: "none-yet" }, "A report or a letter that you open is shown here."));
      return;
    }
    try {
      const answer = letter
        ? await call(server, "read_letter", { letter: Number(letter) })
        : await call(server, "read_import", { number: Number(id) });
      if (!newest()) return;
      place(text, answer.html);
      text.scrollTop = 0;
    } catch (error) {
      if (!newest()) return;
      text.replaceChildren(h("p", { class: "notice error" }, error.message));
    }
    text.prepend(h("button", { class: "quiet close", type: "button", onclick: () => go({}) }, "Back to the imports"));
  }

  async function guarded(work) {
    try {
      await work();
    } catch (error) {
      show(failed, error.message);
      say(root, error.message);
    }
  }

  (async () => {
    await list();
    await read();
    await guarded(async () => {
      const answer = await call(server, "follow_import");
      if (answer.job && !answer.job.over) follow(answer);
    });
  })();
}

// Folders that are dropped are walked; a plain drop gives its files.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (entry.name.startsWith(".")) return;
  if (entry.isFile) {
    found.push(await new Promise((done, fail) => entry.file(done, fail)));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return;
    for (const inner of some) await walk(inner, found);
  }
}
