/** The colours that stand behind names like '--text' where an element is, by day or night: what draws on a canvas needs them as they are. */
export function coloursAt(element: HTMLElement, names: readonly string[]): Record<string, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const colours: Record<string, string> = {};
  for (const name of names) {
    probe.style.color = `var(${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return colours;
}
