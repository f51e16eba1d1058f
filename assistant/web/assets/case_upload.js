// A case file: chosen, dropped anywhere on the page, or pasted; sent with its progress shown, and cancelled at a click.
import { part, say } from "/page/dom.js";

const MOST = 25 * 1024 * 1024; // bytes; the server refuses more
const ENDINGS = [".pdf", ".docx", ".html", ".htm", ".txt", ".md"];
const WRONG_KIND = "This kind of file cannot be read here; use PDF, DOCX, HTML, TXT or MD, or paste the text.";
const TOO_LARGE = "The file is larger than 25 MB, so it was not sent; paste the case summary instead.";
const CUT_OFF = "The file could not be sent, for the program does not answer; see in the terminal whether it runs. The field is as it was.";

export function takeFiles(root, heard) {
  const input = part(root, "file");
  const box = part(root, "progress");
  const words = part(root, "progress-words");
  const bar = part(root, "bar");
  const over = part(root, "over");
  let sending = null;
  let depth = 0;

  input.addEventListener("change", () => {
    const [file] = input.files;
    input.value = "";
    if (file) take(file);
  });
  part(root, "cancel").addEventListener("click", () => sending?.abort());

  const brings = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const lit = (shown) => { over.hidden = !shown; };
  document.addEventListener("dragenter", (event) => { if (brings(event)) { depth += 1; lit(true); } });
  document.addEventListener("dragleave", (event) => { if (brings(event) && --depth <= 0) { depth = 0; lit(false); } });
  document.addEventListener("dragover", (event) => { if (brings(event)) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    depth = 0;
    lit(false);
    if (brings(event)) {
      event.preventDefault(); // or the browser would leave the page for the file
      first(event.dataTransfer.files);
    } else if (!isField(event.target)) {
      event.preventDefault();
      const text = event.dataTransfer?.getData("text");
      if (text?.trim()) heard.pasted(text);
    }
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (files?.length) {
      event.preventDefault();
      first(files);
    } else if (!isField(event.target)) {
      const text = event.clipboardData?.getData("text");
      if (text?.trim()) heard.pasted(text);
    }
  });

  function first(files) {
    if (files.length > 1) say(root, `One case at a time: of ${files.length} files only the first is read.`);
    if (files.length) take(files[0]);
  }

  function take(file) {
    if (sending) return heard.refused("A file is being read already; wait for it, or cancel it.");
    heard.refused("");
    const ending = file.name.includes(".") ? file.name.slice(file.name.lastIndexOf(".")).toLowerCase() : "";
    if (!ENDINGS.includes(ending)) return heard.refused(WRONG_KIND);
    if (file.size > MOST) return heard.refused(TOO_LARGE);
    if (!file.size) return heard.refused("The file is empty; choose another, or paste the case summary.");
    send(file, ending);
  }

  function send(file, ending) {
    const request = new XMLHttpRequest();
    sending = request;
    progress("Sending the file", 0);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress("Sending the file", Math.floor((100 * event.loaded) / event.total));
    });
    request.upload.addEventListener("load", () => progress("Reading the file; scanned pages take longest", null));
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => end(CUT_OFF));
    request.addEventListener("abort", () => { end(""); say(root, "Cancelled. The field is as it was."); });
    request.open("POST", `/upload?ending=${encodeURIComponent(ending)}`);
    request.responseType = "json";
    request.send(file);
  }

  function answered(request) {
    const found = request.response;
    if (request.status === 413) end(TOO_LARGE);
    else if (request.status !== 200 || !found) end("The file could not be read; the field is as it was. Try again, or paste the text.");
    else if (found.error) end(found.error);
    else {
      end("");
      heard.took(found);
    }
  }

  function progress(sentence, percent) {
    box.hidden = false;
    if (words.textContent !== sentence) words.textContent = sentence;
    if (percent === null) bar.removeAttribute("value");
    else bar.value = percent;
  }

  function end(sentence) {
    sending = null;
    box.hidden = true;
    words.textContent = "";
    heard.refused(sentence);
  }

  return { choose: () => input.click() };
}

function isField(element) {
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable]"));
}
