// Keeps a page about work under way up to date, as reloading it would.
"use strict";

const SECONDS = 3;

async function refresh() {
  const shown = document.getElementById("progress");
  if (shown.dataset.running !== "yes") return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("progress");
    // What has not changed stays, with the reader's place in it.
    if (answer.ok && now && now.outerHTML !== shown.outerHTML) shown.replaceWith(document.adoptNode(now));
  } catch {
    // The site can't be reached for the moment: the page stays as it is, and is asked for again.
  }
  setTimeout(refresh, SECONDS * 1000);
}

setTimeout(refresh, SECONDS * 1000);
