/**
 * The script of the page of duplicates: shows, sorts and searches groups. It reads
 * attributes and text of the page and writes only one line of counts, so that no
 * name of a file becomes markup. Without it, the page shows every group.
 */
export const pageScript: string = `"use strict";
const list = document.getElementById("groups");
const form = document.getElementById("controls");
const status = document.getElementById("status");
const groups = [...list.children].map((element, order) => ({
  element,
  order,
  kinds: new Set(element.dataset.kinds.split(" ")),
  difference: Number(element.dataset.difference),
  images: Number(element.dataset.images),
  name: element.dataset.name,
  text: element.textContent.toLowerCase(),
}));
const orders = {
  first: (a, b) => a.order - b.order,
  most: (a, b) => b.images - a.images,
  least: (a, b) => a.difference - b.difference,
  largest: (a, b) => b.difference - a.difference,
  name: (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
};
let sorted = "first";
const update = () => {
  const { show, sort, find } = form.elements;
  const text = find.value.trim().toLowerCase();
  let shown = 0;
  for (const { element, kinds, text: own } of groups) {
    const isShown = (show.value === "all" || kinds.has(show.value)) &&
      own.includes(text);
    element.hidden = !isShown;
    if (isShown) shown++;
  }
  if (sort.value !== sorted) {
    sorted = sort.value;
    groups.sort((a, b) => orders[sorted](a, b) || a.order - b.order);
    list.append(...groups.map(({ element }) => element));
  }
  status.textContent = shown + " of " + groups.length + " groups shown";
};
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
update();
`;
