// Single keys for the desk's buttons (WCAG 2.1.4: they can be switched off on the page).

/** Whether keys mean text where the focus is. */
function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** The button that a key means: of the row with the focus if it has one, else the marked one. */
function buttonFor(key: string, within: HTMLElement): HTMLElement | null {
  const marked = within.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
  const row = document.activeElement?.closest(".customer");
  const verb = marked?.dataset.verb;
  if (row != null && verb !== undefined) {
    return row.querySelector<HTMLElement>(`[data-verb="${verb}"]`) ?? marked;
  }
  return marked;
}

export function startKeys(within: HTMLElement): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || writing(event.target)) {
      return;
    }
    const button = buttonFor(event.key, within);
    if (button === null) {
      return;
    }
    event.preventDefault();
    if (button instanceof HTMLInputElement) {
      button.focus();
    } else {
      button.click();
    }
  });
}
