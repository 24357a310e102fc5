// What select2 shows in place of a field is named for screen readers as the field is.
"use strict";

function nameAll() {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const shown = document.getElementById(`select2-${field.id}-container`);
    const label = field.getAttribute("aria-label") || field.labels[0]?.textContent || "";
    if (shown && label) shown.setAttribute("aria-label", label.trim().replace(/:$/, ""));
  }
}

// By then Django has asked for its own fields to be set up: ours comes after them.
window.addEventListener("load", () => django.jQuery(nameAll));
