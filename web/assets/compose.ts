// What the composer does as one writes: it counts as each network counts,
// shows the picture chosen, and keeps the slot and the hour in agreement.
// Without it the server does the same when "check" is pressed.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const clusters = (s: string): number => {
  let n = 0;
  for (const _ of segmenter.segment(s)) n++;
  return n;
};

// X counts an address as 23, an emoji as 2, and most alphabets as 1 a letter.
function weights(s: string): number {
  s = s.normalize("NFC");
  const address = /https?:\/\/[^\s<>"«»]+/g;
  let n = 23 * (s.match(address)?.length ?? 0);
  for (const { segment } of segmenter.segment(s.replace(address, ""))) {
    const points = [...segment].map((c) => c.codePointAt(0)!);
    n += points.slice(1).some(joins) ? 2 : points.reduce((sum, p) => sum + (light(p) ? 1 : 2), 0);
  }
  return n;
}

const joins = (p: number): boolean => p === 0x200d || p === 0xfe0f || p === 0x20e3 || (p >= 0x1f1e6 && p <= 0x1f1ff) || (p >= 0x1f3fb && p <= 0x1f3ff);
const light = (p: number): boolean => p <= 0x10ff || (p >= 0x2000 && p <= 0x200d) || (p >= 0x2010 && p <= 0x201f) || (p >= 0x2032 && p <= 0x2037);

function count(form: HTMLElement): void {
  // The server reads the text without the white space around it.
  const text = form.querySelector<HTMLTextAreaElement>("[data-counted]")?.value.trim() ?? "";
  const number = new Intl.NumberFormat(document.documentElement.lang);
  for (const li of form.querySelectorAll<HTMLElement>("[data-count]")) {
    const tick = form.querySelector<HTMLInputElement>(`[type=checkbox][name=channel][value="${li.dataset.channel}"]`);
    if (tick) li.hidden = !tick.checked;
    const rule = li.dataset.count;
    const n = rule === "points" ? [...text].length : rule === "weights" ? weights(text) : clusters(text);
    const most = Number(li.dataset.most);
    li.classList.toggle("over", most > 0 && n > most);
    const said = li.querySelector("[data-n]")!;
    said.textContent = said.textContent!.replace(/^[\d\s,]*\d/, number.format(n));
  }
}

function preview(input: HTMLInputElement): void {
  const img = document.querySelector<HTMLImageElement>(input.dataset.preview ?? "");
  const file = input.files?.[0];
  if (!img) return;
  img.hidden = true;
  if (!file?.type.startsWith("image/")) return;
  const reader = new FileReader();
  reader.onload = () => {
    img.src = String(reader.result);
    img.hidden = false;
  };
  reader.readAsDataURL(file);
}

document.addEventListener("input", (e) => {
  const at = e.target as HTMLElement;
  const form = at.closest<HTMLElement>("[data-composer]");
  if (!form) return;
  if (at.matches("[data-counted], [name=channel]")) count(form);
  if (at.matches("[data-preview]")) preview(at as HTMLInputElement);
  const slot = form.querySelector<HTMLSelectElement>("[data-slot]");
  if (!slot) return;
  if (at.matches("[data-hour]")) slot.value = "";
  if (at !== slot || !slot.value) return;
  const [day, clock] = slot.value.split("T");
  form.querySelector<HTMLInputElement>("[name=day]")!.value = day;
  form.querySelector<HTMLInputElement>("[name=clock]")!.value = clock;
});
