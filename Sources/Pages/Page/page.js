// What every page's scripts begin with.

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const svgNames = new Set(["svg", "path", "line", "text", "title", "circle", "g", "clipPath", "rect"]);

/** An element with attributes and children; strings become text, so that no name can become markup. */
function element(name, attributes = {}, ...children) {
  const made = svgNames.has(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
