// Comfort for the diff page; everything works without it.
"use strict";

const KEYS_OFF = "newsdiffs-keys-off";

/** The changes that are shown: below 48rem a side-by-side diff is shown inline. */
function shownChanges() {
  const rows = document.querySelectorAll(".comparison .row[id]:not(.row-moved-from)");
  return [...rows].filter((row) => row.offsetParent !== null);
}

/** Go to the next change (1) or the previous one (-1), seen from the one last gone to, or from the top of the window. */
function step(direction) {
  const rows = shownChanges();
  if (rows.length === 0) return;
  const current = rows.findIndex((row) => row.classList.contains("here"));
  let next = current + direction;
  if (current < 0) {
    const below = rows.findIndex((row) => row.getBoundingClientRect().top > 8);
    next = direction > 0 ? below : (below < 0 ? rows.length : below) - 1;
  }
  goTo(rows[Math.min(Math.max(next, 0), rows.length - 1)]);
}

function goTo(row) {
  document.querySelectorAll(".row.here").forEach((other) => other.classList.remove("here"));
  row.classList.add("here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  row.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  history.replaceState(null, "", "#" + row.id.replace(/^n/, "c"));
}

/** A link to #c3 leads to the copy of that change that is shown. */
function followHash() {
  const number = /^#c(\d+)$/.exec(location.hash);
  const row = number && shownChanges()[number[1] - 1];
  if (row && row.id !== "c" + number[1]) row.scrollIntoView({ block: "center" });
}

function typing(target) {
  return target.closest("input, select, textarea, [contenteditable]") !== null;
}

const stepper = document.querySelector("[data-stepper]");
if (stepper) {
  const keys = stepper.querySelector("[data-keys]");
  keys.checked = localStorage.getItem(KEYS_OFF) === null;
  keys.addEventListener("change", () => {
    if (keys.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });
  stepper.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });
  document.addEventListener("keydown", (event) => {
    if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
  });
  stepper.hidden = false;
  followHash();
  addEventListener("hashchange", followHash);
}

// Browsers that can't unfold by style sheet when printing.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details.diff-fold").forEach((fold) => { fold.open = true; });
});
