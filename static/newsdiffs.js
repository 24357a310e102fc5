// Comfort for the diff page; everything works without it.
"use strict";

const KEYS_OFF = "newsdiffs-keys-off";

const rows = [...document.querySelectorAll(".comparison .row[id]:not(.row-moved-from)")];

/** The place among the changes that the address names; -1 where it names none. */
function place() {
  return rows.findIndex((row) => "#" + row.id === location.hash);
}

/** Go to the next change (1) or the previous one (-1): from the one the address names, or from where the window is. */
function step(direction) {
  if (rows.length === 0) return;
  const current = place();
  let next = current + direction;
  if (current < 0) {
    const below = rows.findIndex((row) => row.getBoundingClientRect().top > 0);
    next = direction > 0 && below >= 0 ? below : (below < 0 ? rows.length : below) - 1;
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
  history.replaceState(null, "", "#" + row.id);
  tellPlace();
}

/** "2 of 4" beside the buttons. */
function tellPlace() {
  const told = document.querySelector("[data-place]");
  if (told && place() >= 0) told.textContent = place() + 1;
}

function typing(target) {
  return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
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
  addEventListener("hashchange", tellPlace);
  tellPlace();
  stepper.hidden = false;
  document.body.classList.add("stepping");
}
if (document.body.classList.contains("comparing")) {
  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem(KEYS_OFF) !== null || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (typing(event.target) || event.target.closest(".labels, .scroll")) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "ArrowLeft") document.querySelector(".toolbar [rel=prev]")?.click();
    else if (event.key === "ArrowRight") document.querySelector(".toolbar [rel=next]")?.click();
  });
}

// In lists: the reader's own time zone, and how long ago what is newer than two hours was.
const zone = document.querySelector("[data-zone]");
if (zone) {
  const { lang } = document.documentElement;
  const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(lang, { weekday: "short" });
  const whole = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "long" });
  const ago = new Intl.RelativeTimeFormat(lang, { style: "short", numeric: "auto" });
  document.querySelectorAll(".entry time").forEach((time) => {
    const at = new Date(time.dateTime);
    const minutes = Math.round((Date.now() - at) / 60000);
    const elsewhere = at.getDate() !== at.getUTCDate() ? day.format(at) + " " : "";
    time.textContent = minutes >= 0 && minutes < 120 ? ago.format(-minutes, "minute") : elsewhere + clock.format(at);
    time.title = whole.format(at);
  });
  if (new Date().getTimezoneOffset() !== 0) zone.textContent = zone.dataset.zone.replace("UTC", clock.resolvedOptions().timeZone);
}

// Filters that are not used stay out of the address.
const filters = document.querySelector("[data-filters]");
filters?.addEventListener("submit", () => {
  for (const field of filters.elements) if (field.value === "") field.disabled = true;
});

// Browsers that can't unfold by style sheet when printing.
addEventListener("beforeprint", () => {
  document.querySelectorAll("details.diff-fold").forEach((fold) => { fold.open = true; });
});

/** Put the text that an address gives on the clipboard. Safari wants the promise, not what comes of it. */
async function copyText(address) {
  const text = fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.text();
  });
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

// Beside the link to a version's text, a button that copies it: where the browser lets a page do that.
const copies = document.querySelector(".copies");
if (copies && navigator.clipboard && window.ClipboardItem) {
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  copies.append(said);
  copies.querySelectorAll("[data-copy]").forEach((link) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = link.dataset.copy;
    button.addEventListener("click", () => {
      copyText(link.href).then(
        () => { said.textContent = link.dataset.copied; },
        () => { said.textContent = copies.dataset.notCopied; },
      );
    });
    link.after(button);
  });
}
