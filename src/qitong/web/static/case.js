// The case page and the page of a material work without this file; it spares the hand.
(() => {
  "use strict";

  // ---- Escape closes the deed one stands in and gives the focus back to its name ----
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const deed = event.target.closest("main details[open]");
    if (!deed) return;
    deed.open = false;
    deed.querySelector("summary").focus();
  });

  // ---- a deed that was opened begins at its first field ----
  document.addEventListener("toggle", (event) => {
    const deed = event.target;
    if (!deed.open || !deed.matches("details.deed") || !deed.contains(document.activeElement)) return;
    deed.scrollIntoView({ block: "nearest" });
  }, true);

  // ---- j and k turn to the next and the previous material ----
  const typing = (where) => where.closest("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const rel = { j: "next", k: "prev" }[event.key];
    const link = rel && document.querySelector(`.review-head a[rel=${rel}]`);
    if (link) { event.preventDefault(); link.click(); }
  });

  // ---- the part of the page that is being read is marked among its parts ----
  const ways = new Map([...document.querySelectorAll(".parts a")].map((a) => [a.hash.slice(1), a]));
  if (ways.size && "IntersectionObserver" in window) {
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target.id);
      const here = [...ways.keys()].find((id) => seen.has(id));
      for (const [id, way] of ways) way.toggleAttribute("aria-current", id === here);
      if (here) ways.get(here).setAttribute("aria-current", "true");
    }, { rootMargin: "-20% 0px -60% 0px" });
    for (const id of ways.keys()) { const part = document.getElementById(id); if (part) watch.observe(part); }
  }
})();
