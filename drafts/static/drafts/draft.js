// Keeps on the server what is being typed into a form. Enhancement only: every form works without this file.
"use strict";

const PAUSE = 3000; // after the last key
const LONG_PAUSE = 30000; // after a failure

function keepDraft(form) {
  const said = form.querySelector("[data-draft-said]");
  let timer = 0, isTyped = false, running = null;

  const wait = (pause) => { clearTimeout(timer); timer = setTimeout(save, pause); };
  const note = () => { isTyped = true; wait(PAUSE); };

  const body = () => {
    const typed = new FormData();
    typed.append("draft_leave", form.dataset.draft);
    for (const [name, value] of new FormData(form)) {
      // Files are not kept; the token and the tick that confirms belong to the moment of submitting.
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "confirmed") typed.append(name, value);
    }
    return typed;
  };

  // The cookie, not the token of the form: after a new log-in in another window this page can save again.
  const token = () => (/(?:^|; )csrftoken=([^;]+)/.exec(document.cookie) || ["", ""])[1];

  async function save(isLeaving = false) {
    if (running && !isLeaving) { wait(PAUSE); return; }
    if (!isTyped) return;
    clearTimeout(timer);
    isTyped = false;
    const mine = running = new AbortController();
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST", body: body(), headers: { "X-CSRFToken": token() }, redirect: "error",
        keepalive: isLeaving, signal: mine.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      said.textContent = (await answer.json()).said;
    } catch {
      if (mine.signal.aborted) return;
      said.textContent = form.dataset.draftFailed;
      if (!isTyped) { isTyped = true; wait(LONG_PAUSE); }
    } finally {
      if (running === mine) running = null;
    }
  }

  form.addEventListener("input", note);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  // What is submitted needs no draft any more; a draft that came after it would be offered for nothing.
  document.addEventListener("submit", (event) => {
    if (event.target !== form || event.defaultPrevented) return;
    clearTimeout(timer);
    isTyped = false;
    if (running) running.abort();
  });
  if ("draftTyped" in form.dataset) note(); // the form came back with what was typed
}

for (const form of document.querySelectorAll("form[data-draft]")) keepDraft(form);
