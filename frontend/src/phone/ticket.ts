// Leave to call, from our own server: it knows the number, the page only names whom.
import type { Ticket } from "./line";

export class NotGiven extends Error {}

/** Raises NotGiven with what the server says, or with one of `texts`. */
export async function ticketFor(
  of: string,
  address: string,
  texts: { signedOut: string; offline: string },
): Promise<Ticket> {
  const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ of, csrfmiddlewaretoken: token });
  const response = await fetch(address, { method: "POST", body }).catch(() => null);
  if (response === null) {
    throw new NotGiven(texts.offline);
  }
  if (response.redirected) {
    throw new NotGiven(texts.signedOut);
  }
  const answer = (await response.json().catch(() => ({}))) as Ticket & { problem?: string };
  if (!response.ok) {
    throw new NotGiven(answer.problem ?? texts.offline);
  }
  return answer;
}
