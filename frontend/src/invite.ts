// Inviting a third person into the meeting that goes on: the link is shown here, and nowhere again.

const box = document.querySelector<HTMLElement>("[data-invite-box]");

function part<T extends HTMLElement>(name: string): T {
  return (box as HTMLElement).querySelector<T>(`[data-invite${name}]`) as T;
}

async function invite(form: HTMLFormElement): Promise<void> {
  const said = part("-said");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const told = (await answer.json()) as { said?: string; address?: string; problem?: string };
    said.textContent = told.said ?? told.problem ?? "";
    part("-link").hidden = told.address === undefined;
    part<HTMLInputElement>("-address").value = told.address ?? "";
    if (told.address !== undefined) {
      form.reset();
    }
  } catch {
    said.textContent = said.dataset.offline ?? "";
  }
}

async function copy(button: HTMLElement): Promise<void> {
  const field = part<HTMLInputElement>("-address");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    part("-said").textContent = button.dataset.copied ?? "";
  } catch {
    // What is selected can be copied by hand.
  }
}

if (box !== null) {
  part<HTMLFormElement>("-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void invite(event.target as HTMLFormElement);
  });
  const button = part("-copy");
  button.addEventListener("click", () => void copy(button));
}
