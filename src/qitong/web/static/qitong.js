// Everything works without this file; it stops double sending, and asks before deleting.
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
      pressed = event.submitter;
      pressed?.setAttribute("aria-busy", "true");
      status.textContent = words.working;
    }
    onTheWay();
  });

  // ---- a slow answer shows on the deck under the head; nothing moves ----
  const status = document.createElement("p");
  status.className = "hidden-text";
  status.setAttribute("aria-live", "polite");
  document.body.append(status);
  let slow, given, pressed;
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
    pressed?.removeAttribute("aria-busy");
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

  // What was typed on this device does not outlive the session that typed it.
  document.querySelector('form[action="/logout"]')?.addEventListener("submit", () => {
    try { Object.keys(localStorage).filter((k) => k.startsWith("qitong:")).forEach((k) => localStorage.removeItem(k)); } catch { /* none kept */ }
  });
})();
