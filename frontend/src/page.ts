// What the server left in the page for an island.

/** The content of the `<script type="application/json">` with that id. */
export function pageData<T>(id: string): T {
  const element = document.getElementById(id);
  if (element?.textContent == null) {
    throw new Error(`The page holds no data called "${id}".`);
  }
  return JSON.parse(element.textContent) as T;
}

/** An element with text; text never becomes markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text = "",
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  return made;
}
