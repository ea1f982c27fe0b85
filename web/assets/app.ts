// What the pages do beyond what a form and a link can. Every page works
// without it; this makes it quicker.
import "htmx.org/dist/htmx.esm.js";
import "./compose.ts";

// "/" goes to the search box, unless one is typing.
document.addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey) return;
  const at = e.target as HTMLElement;
  if (at.isContentEditable || at.closest("input, textarea, select, dialog")) return;
  const box = document.querySelector<HTMLInputElement>("[data-search]");
  if (!box) return;
  e.preventDefault();
  box.focus();
  box.select();
});

// A button with data-copy="#id" copies the text or value of that element, and
// says so in its own words, data-done. It is hidden where copying cannot work.
function armCopy(root: ParentNode): void {
  if (!navigator.clipboard) return;
  for (const b of root.querySelectorAll<HTMLElement>("[data-copy][hidden]")) b.hidden = false;
}

document.addEventListener("click", async (e) => {
  const b = (e.target as Element).closest<HTMLElement>("[data-copy]");
  if (!b) return;
  const from = document.querySelector<HTMLElement>(b.dataset.copy ?? "");
  if (!from) return;
  const text = from instanceof HTMLTextAreaElement || from instanceof HTMLInputElement ? from.value : from.innerText;
  await navigator.clipboard.writeText(text);
  const label = b.querySelector<HTMLElement>("[data-label]") ?? b;
  const before = label.textContent;
  label.textContent = b.dataset.done ?? before;
  setTimeout(() => { label.textContent = before; }, 2000);
});

// A form or button with data-confirm asks first, in the page's own dialog.
document.addEventListener("submit", (e) => {
  const form = e.target as HTMLFormElement;
  const button = (e as SubmitEvent).submitter;
  const ask = button?.dataset.confirm ?? form.dataset.confirm;
  const box = document.querySelector<HTMLDialogElement>("#confirm");
  if (!ask || !box || form.dataset.sure === "yes") {
    delete form.dataset.sure;
    return;
  }
  e.preventDefault();
  e.stopImmediatePropagation();
  box.querySelector("[data-ask]")!.textContent = ask;
  box.returnValue = "";
  box.addEventListener("close", () => {
    if (box.returnValue !== "yes") return;
    form.dataset.sure = "yes";
    form.requestSubmit(button);
  }, { once: true });
  box.showModal();
}, true);

// One menu at a time; Escape and a click elsewhere close it.
function closeMenus(except?: Node): void {
  for (const d of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    if (!except || !d.contains(except)) d.open = false;
  }
}
document.addEventListener("click", (e) => closeMenus(e.target as Node));
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape") closeMenus();
});

// A select or checkbox with data-now sends its form at once.
document.addEventListener("change", (e) => {
  const field = (e.target as HTMLElement).closest<HTMLElement>("[data-now]");
  (field as HTMLInputElement | null)?.form?.requestSubmit();
});

// A request that got no answer says so where every notice stands.
document.addEventListener("htmx:sendError", () => {
  const lost = document.querySelector<HTMLTemplateElement>("#lost");
  const notices = document.querySelector("#notices");
  if (lost && notices) notices.replaceChildren(lost.content.cloneNode(true));
});

armCopy(document);
document.addEventListener("htmx:load", (e) => armCopy(e.target as ParentNode));
