// Typesets every .math element (the source of a formula, made by the Markdown filter) with KaTeX.
// Where the vendored files lie is told by base.html, because their folder carries the version.

const paths = document.querySelector("script[data-katex]").dataset;
let katex;

async function load() {
  if (!katex) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = paths.katexCss;
    document.head.append(sheet);
    katex = (await import(paths.katex)).default;
  }
  return katex;
}

export async function typeset(scope) {
  const renderer = await load();
  for (const element of scope.querySelectorAll(".math:not(.math--done)")) {
    const source = element.textContent;
    // render() builds nodes and sets their styles by script; renderToString() would need style attributes, which
    // the content security policy forbids.
    renderer.render(source, element, { displayMode: element.tagName === "DIV", throwOnError: false, trust: false });
    element.classList.add("math--done");
  }
}
