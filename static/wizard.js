// The page "Add source" while a worker is at it: shows how far it is. Without script the page reloads itself.
"use strict";

const EVERY = 1500;

async function show() {
  const live = document.querySelector("[data-live]");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.status >= 500) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-live]");
    // Another page has come: this one was about what is done by now.
    if (!answer.ok || !now || page.title !== document.title) return location.reload();
    if (now.innerHTML !== live.innerHTML) live.replaceChildren(...now.childNodes);
    if (!page.querySelector("script[src*='wizard']")) return;
  } catch {
    // The site does not answer just now, or only its proxy does: ask again.
  }
  setTimeout(show, EVERY);
}

setTimeout(show, EVERY);
