// The preview of a source's rules follows what is typed; without this, the button "Preview" does the same.
"use strict";

const WAIT = 400;

/** Ask for the preview of what the form holds now, and put it in place of the last one. */
function follow(form, shown) {
  let timer = 0;
  let asking = null;

  async function show() {
    if (asking) asking.abort();
    asking = new AbortController();
    const asked = asking;
    const body = new FormData(form);
    body.set("fragment", "1");
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal });
      const type = answer.headers.get("Content-Type") || "";
      if (!answer.ok || answer.redirected || !type.startsWith("text/html")) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (asked !== asking) return;
      shown.replaceChildren(...page.body.childNodes);
      markErrors(form, shown);
    } catch (error) {
      if (asked !== asking || error.name === "AbortError") return;
      const said = document.createElement("p");
      said.className = "rules-warning";
      said.textContent = shown.dataset.failed;
      shown.replaceChildren(said);
    }
    shown.removeAttribute("aria-busy");
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
}

/** A block's buttons write their line into its field at once; the preview follows as if it was typed. */
function write(form, event) {
  const button = event.target.closest("[data-write]");
  if (!button) return;
  event.preventDefault();
  const field = form.elements[button.dataset.write];
  const lines = field.value.split("\n").filter((line) => line.trim());
  if (!lines.includes(button.dataset.selector)) lines.push(button.dataset.selector);
  field.value = lines.join("\n");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What is wrong with a field stands beside it. */
function markErrors(form, shown) {
  for (const place of form.querySelectorAll("[data-errors]")) {
    const found = shown.querySelector(`[data-errors-of="${place.dataset.errors}"]`);
    place.replaceChildren(...(found ? found.childNodes : []));
    place.parentElement.classList.toggle("errors", place.childNodes.length > 0);
  }
}

const form = document.getElementById("rules-form");
if (form) {
  follow(form, document.getElementById("rules-preview"));
  form.addEventListener("click", (event) => write(form, event));
}
