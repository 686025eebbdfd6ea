// An explorer's slider moves through pictures that were drawn when the site was built.
document.querySelectorAll(".explorer").forEach((explorer) => {
  const frames = JSON.parse(explorer.dataset.frames);
  const slider = explorer.querySelector("input");
  const [picture, value, words] = ["img", "output", "[role=status]"].map((part) => explorer.querySelector(part));
  const load = () => frames.forEach((frame) => { new Image().src = frame.src; });
  ["pointerenter", "focusin", "touchstart"].forEach((sign) =>
    explorer.addEventListener(sign, load, { once: true, passive: true }));
  slider.addEventListener("input", () => {
    const frame = frames[slider.value];
    picture.src = frame.src;
    picture.alt = frame.alt;
    value.textContent = frame.value;
    words.textContent = frame.words;
    slider.setAttribute("aria-valuetext", frame.value);
  });
  slider.dispatchEvent(new Event("input")); // a browser may have kept the slider's place over a reload
});

// What scrolls sideways in itself must be reached by the keyboard, too.
document.querySelectorAll("div.highlight pre, .formula, .pst-scrollable-table-container").forEach((box) => {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
});

// A link into something folded opens it.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
};
addEventListener("hashchange", unfold);
unfold();

// The theme gives the arrows of its list of pages no name.
document.querySelectorAll(".bd-sidebar-primary summary").forEach((arrow) => {
  arrow.setAttribute("aria-label", `pages of ${arrow.closest("li").querySelector("a").textContent.trim()}`);
});

// A result of the search quotes the text of a page, not the buttons and lists around it.
if (typeof Search !== "undefined") {
  const textOf = Search.htmlToText;
  Search.htmlToText = (source, anchor) => {
    const page = new DOMParser().parseFromString(source, "text/html");
    page.querySelector("main").replaceChildren(page.querySelector("article"));
    return textOf(page.documentElement.outerHTML, anchor);
  };
}
