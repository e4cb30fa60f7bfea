// Everything works without this file; it saves as one types, stops double sending, and asks before deleting.
(() => {
  "use strict";
  const words = document.body.dataset;

  // ---- send once; ask before what cannot be undone ----
  document.addEventListener("submit", (event) => {
    const form = event.target, asked = event.submitter && event.submitter.dataset.confirm;
    if (event.defaultPrevented) return; // a script of the page sends it itself
    if (form.dataset.busy || (asked && !window.confirm(asked))) {
      event.preventDefault();
      return;
    }
    if ("download" in form.dataset) return; // <form data-download>: answered by a file, the page stays
    if (form.method === "post") {
      form.dataset.busy = "1";
      event.submitter?.setAttribute("aria-busy", "true");
      status.textContent = words.working;
    }
    onTheWay();
  });

  // ---- a slow answer shows on the deck under the head; nothing moves ----
  const status = document.createElement("p");
  status.className = "hidden-text";
  status.setAttribute("aria-live", "polite");
  document.body.append(status);
  let slow, given;
  const rest = () => { clearTimeout(slow); document.documentElement.classList.remove("going"); };
  const onTheWay = () => {
    rest();
    clearTimeout(given);
    slow = setTimeout(() => document.documentElement.classList.add("going"), 400);
    given = setTimeout(rest, 20000); // a link may have led to a file, and the page stays
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = !link || link.target || link.hasAttribute("download") || link.origin !== location.origin;
    if (elsewhere || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.pathname !== location.pathname || link.search !== location.search) onTheWay();
  });
  const arrived = () => {
    rest();
    status.textContent = "";
    document.querySelectorAll("[aria-busy=true]").forEach((button) => button.removeAttribute("aria-busy"));
    for (const form of document.forms) delete form.dataset.busy;
  };
  // A page that comes back from the browser's memory may be sent again.
  window.addEventListener("pageshow", arrived);

  // ---- printing: the button shows itself only where it can work ----
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // ---- errors: the link of the summary puts the cursor into the field ----
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.scrollIntoView({ block: "center" });
      field.focus();
    }
  });

  // ---- autosave: <form data-autosave-url="…"> posts field=<name>&value=<what is in it> ----
  const skipped = new Set(["hidden", "password", "file", "submit", "button"]);
  for (const form of document.querySelectorAll("form[data-autosave-url]")) {
    const key = "qitong:" + form.dataset.autosaveUrl;
    const note = form.querySelector(".saved") || form.insertAdjacentElement("afterbegin", document.createElement("p"));
    note.className = "saved";
    note.setAttribute("role", "status");
    const read = () => { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } };
    const write = (kept) => {
      try {
        if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
        else localStorage.removeItem(key);
      } catch { /* a full or forbidden store: the server copy is the one that counts */ }
    };
    const fields = (name) => [...form.elements].filter((e) => e.name === name && !skipped.has(e.type));
    const ticks = (e) => e.type === "checkbox" || e.type === "radio";
    const values = (name) => fields(name).flatMap((e) =>
      ticks(e) ? (e.checked ? [e.value] : []) : e.multiple ? [...e.selectedOptions].map((o) => o.value) : [e.value]);
    const fill = (name, kept) => {
      for (const e of fields(name)) {
        if (ticks(e)) e.checked = kept.includes(e.value);
        else if (e.multiple) for (const o of e.options) o.selected = kept.includes(o.value);
        else e.value = kept[0] ?? "";
      }
    };

    // What the server does not have yet, by field; the copy on this device outlives the page.
    const left = read();
    const keep = (name) => { left[name] = values(name); write({ ...read(), [name]: left[name] }); };

    const save = async (name) => {
      const now = left[name], body = new URLSearchParams();
      if (!now) return; // an earlier turn has sent it
      body.append("field", name);
      for (const value of now) body.append("value", value);
      const drop = () => {
        if (left[name] !== now) return; // typed again meanwhile: that waits in the line
        delete left[name];
        const kept = read();
        delete kept[name];
        write(kept);
      };
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST", body, redirect: "error", credentials: "same-origin",
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
        });
        const said = await answer.json().catch(() => ({}));
        if (answer.ok) {
          drop();
          if (Object.keys(left).length) { // "saved" is said when all is; what failed before is tried again
            Object.keys(left).forEach(enqueue);
            return;
          }
          const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
          note.textContent = words.saved + " " + (said.saved_at || time);
        } else if (said.error) {
          drop();
          note.textContent = said.error;
        } else throw new Error(String(answer.status));
      } catch {
        note.textContent = words.kept;
      }
    };

    // One request at a time, in the order of typing: an older value never overtakes a newer one.
    let line = Promise.resolve();
    const waiting = new Set();
    const enqueue = (name) => {
      if (waiting.has(name)) return;
      waiting.add(name);
      line = line.then(() => { waiting.delete(name); return save(name); });
    };
    form.addEventListener("change", (event) => {
      const { name, type } = event.target;
      if (!name || skipped.has(type)) return;
      keep(name);
      enqueue(name);
    });
    window.addEventListener("online", () => Object.keys(left).forEach(enqueue));
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) write({}); });

    if (Object.keys(left).length) {
      for (const [name, kept] of Object.entries(left)) fill(name, kept);
      Object.keys(left).forEach(enqueue);
      line = line.then(() => { note.textContent = words.restore; });
    }
  }
  // What was typed on this device does not outlive the session that typed it.
  document.querySelector('form[action="/logout"]')?.addEventListener("submit", () => {
    try { Object.keys(localStorage).filter((k) => k.startsWith("qitong:")).forEach((k) => localStorage.removeItem(k)); } catch { /* none kept */ }
  });
})();
