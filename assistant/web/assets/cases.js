// The first view: the form of a new case, and below it the list of cases.
import { part } from "/page/dom.js";
import { startForm } from "/page/case_form.js";
import { startList } from "/page/case_list.js";

export function start(root, server) {
  startList(root, server);
  startForm(root, server).then(() => {
    part(root, "start").dataset.ready = "true"; // from here on what is clicked or dropped is heard
  });
}
