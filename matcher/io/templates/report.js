"use strict";
// Filter, sort and print aids. Everything is readable without them.
for (const input of document.querySelectorAll("[data-filter]")) {
  const list = document.getElementById(input.dataset.filter);
  const items = [...list.children];
  const texts = items.map((item) => item.textContent.normalize("NFKC").toLowerCase());
  const output = input.parentElement.querySelector("output");
  input.parentElement.hidden = false;
  if (input.closest(".tools")) input.closest(".tools").hidden = false;
  input.addEventListener("input", () => {
    const wanted = input.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item, i) => {
      item.hidden = !wanted.every((word) => texts[i].includes(word));
      if (!item.hidden) shown += 1;
    });
    output.textContent = wanted.length ? shown + " / " + items.length : "";
  });
}
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.trim();
      const isNumber = table.tBodies[0].querySelector(`tr > :nth-child(${column + 1})[data-sort]`) !== null;
      // A cell without a number stands before the smallest.
      const order = (a, b) => isNumber
        ? (a === "" ? -Infinity : +a) - (b === "" ? -Infinity : +b) || 0
        : a.localeCompare(b, document.documentElement.lang, { numeric: true });
      const rows = [...table.tBodies[0].rows].sort((a, b) => order(key(a), key(b)));
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    });
  });
}
const opened = [];
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details[data-print]:not([open])")) {
    part.open = true;
    opened.push(part);
  }
});
addEventListener("afterprint", () => {
  for (const part of opened.splice(0)) part.open = false;
});
function openTarget() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const part = target && target.querySelector("details");
  if (part) part.open = true;
}
addEventListener("hashchange", openTarget);
openTarget();
