// The case page works without this file; it spares the hand. Single keys are palette.js's.
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
