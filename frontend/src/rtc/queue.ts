// A place in the queue and a wait, in the page's own words.
import type { Word } from "./signal";

type Texts = Record<string, string | undefined>;

function fill(text: string | undefined, values: Record<string, number>): string {
  return (text ?? "").replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}

export function placeText(word: Word, texts: Texts): string {
  const before = Number(word.before ?? 0);
  return fill(before === 0 ? texts.first : before === 1 ? texts.one : texts.many, { n: before });
}

export function waitText(word: Word, texts: Texts): string {
  const wait = word.wait as [number, number] | null | undefined;
  if (wait === null || wait === undefined) {
    return texts.waitUnknown ?? "";
  }
  const [least, most] = wait;
  if (most <= 1) {
    return texts.waitSoon ?? "";
  }
  return fill(least < 1 || least === most ? texts.waitMost : texts.wait, { least, most });
}
