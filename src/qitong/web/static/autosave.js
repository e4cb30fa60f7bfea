// Saves a form as one types. Without this file the buttons save.
// <form data-autosave-url="…" data-autosave-for="<whose>">: each changed field is posted by itself, as field=<name>,
// value=… for every value, and was=… where a hidden input "was.<name>" says what stood there before.
// What the server does not have yet stays on this device, and is sent when the page is next open.
(() => {
  "use strict";
  const words = { ...document.body.dataset, ...document.currentScript.dataset }, skipped = new Set(["hidden", "password", "file", "submit", "button"]);
  const same = (a, b) => JSON.stringify(a.map(plain)) === JSON.stringify(b.map(plain));
  const plain = (text) => text.replace(/\r\n/g, "\n").trim();
  const store = {
    read(key) { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } },
    write(key, kept) {
      try {
        if (Object.keys(kept).length) localStorage.setItem(key, JSON.stringify(kept));
        else localStorage.removeItem(key);
      } catch { /* a full or forbidden store: the server copy is the one that counts */ }
    },
  };

  const start = (form) => {
    const owner = `qitong:${form.dataset.autosaveFor || ""}:`, key = owner + form.dataset.autosaveUrl;
    try { // what somebody else typed on this device is not theirs to see
      for (const k of Object.keys(localStorage)) if (k.startsWith("qitong:") && !k.startsWith(owner)) localStorage.removeItem(k);
    } catch { /* none kept */ }
    const note = form.querySelector(".saved") || form.insertAdjacentElement("afterbegin", document.createElement("p"));
    note.className = "saved";
    note.setAttribute("role", "status");

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
    const before = (name) => form.elements[`was.${name}`];
    const saved = (name, now) => { const was = before(name); if (was) was.value = now[0] ?? ""; };

    // Field by field what the server does not have: {values, was}. Other forms of the page share the store.
    const left = {};
    const put = (name, entry) => {
      const all = store.read(key);
      if (entry) all[name] = left[name] = entry;
      else { delete all[name]; delete left[name]; }
      store.write(key, all);
    };
    const keep = (name) => put(name, { values: values(name), was: left[name]?.was ?? before(name)?.value });

    // ---- two devices: both texts stay in sight until one is chosen ----
    const clashes = new Set();
    const clash = (name, kept) => {
      clashes.add(name);
      const at = fields(name)[0]?.closest(".question") || form, pattern = document.getElementById("elsewhere");
      at.querySelector(".elsewhere")?.remove();
      if (!pattern) return;
      const box = pattern.content.firstElementChild.cloneNode(true);
      const chosen = fields(name).find((e) => ticks(e) && e.value === kept);
      box.querySelector(".other").textContent = (chosen ? chosen.closest("label").textContent : kept).trim() || "–";
      box.addEventListener("click", (event) => {
        const take = event.target.dataset.take;
        if (!take) return;
        clashes.delete(name);
        box.remove();
        saved(name, [kept]);
        if (take === "theirs") { fill(name, [kept]); put(name); }
        else { put(name, { values: values(name), was: kept }); enqueue(name); }
        fields(name)[0].focus();
      });
      at.append(box);
    };

    const save = async (name) => {
      const entry = left[name];
      if (!entry || clashes.has(name)) return;
      const body = new URLSearchParams([["field", name], ...entry.values.map((v) => ["value", v])]);
      if (entry.was !== undefined) body.append("was", entry.was);
      const drop = () => { if (left[name] === entry) put(name); }; // typed again meanwhile: that waits in the line
      try {
        const answer = await fetch(form.dataset.autosaveUrl, {
          method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: true,
          headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
        });
        const said = await answer.json().catch(() => ({}));
        if (answer.ok) {
          saved(name, entry.values);
          drop();
          if (left[name]) left[name].was = entry.values[0] ?? "";
          const more = Object.keys(left).filter((other) => !clashes.has(other));
          if (more.length) { // "saved" is said when all is; what failed before is tried again
            more.forEach(enqueue);
            return;
          }
          const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
          note.textContent = `${words.saved} ${said.saved_at || time}`;
        } else if (answer.status === 409) {
          clash(name, said.kept);
          note.textContent = said.error;
        } else if (said.error) {
          drop();
          note.textContent = said.error;
        } else if (answer.type === "opaqueredirect" || answer.status === 403) {
          note.textContent = `${words.expired} `;
          const way = note.appendChild(document.createElement("a"));
          way.href = "/login?next=" + encodeURIComponent(location.pathname + location.hash);
          way.textContent = words.login;
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
    const flush = () => Object.keys(left).forEach(enqueue);

    form.addEventListener("input", ({ target }) => { if (target.name && !skipped.has(target.type)) keep(target.name); });
    form.addEventListener("change", ({ target }) => {
      if (!target.name || skipped.has(target.type)) return;
      keep(target.name);
      enqueue(target.name);
    });
    addEventListener("online", flush);
    document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
    // Without a connection sending would only lose the page; the copy on this device stays until the server has it.
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopPropagation();
      note.textContent = words.kept;
    }, true);
    form.querySelectorAll('a[data-take="theirs"]').forEach((a) =>
      a.addEventListener("click", () => put(a.closest(".question").querySelector('[name^="was."]').name.slice(4))));

    // ---- what was left behind: sent if nobody wrote there since, else shown beside the other text ----
    let found = false;
    for (const [name, entry] of Object.entries(store.read(key))) {
      if (!fields(name).length) continue;
      const was = before(name)?.value;
      if (was !== undefined && same([was], entry.values.length ? entry.values : [""])) { put(name); continue; }
      left[name] = entry;
      fill(name, entry.values);
      found = true;
      if (was === undefined || entry.was === undefined || same([was], [entry.was])) enqueue(name);
      else clash(name, was);
    }
    if (found) line = line.then(() => { if (!Object.keys(left).length) note.textContent = words.restore; });
  };
  document.querySelectorAll("form[data-autosave-url]").forEach(start);
})();
