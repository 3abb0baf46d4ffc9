// A callback on the page of calls: whom to call, and how it went. Both come from the page of
// callbacks, whose presses these are; nothing is left of the number when the call is over.

export class CallbackPanel {
  private open = false;
  private busy: Promise<void> = Promise.resolve();
  private readonly form: HTMLFormElement;

  constructor(
    private readonly panel: HTMLElement,
    private readonly offline: string,
    private readonly said: (text: string) => void,
  ) {
    this.form = document.getElementById("do") as HTMLFormElement;
    document.addEventListener("submit", (event) => this.submitted(event));
  }

  /** Take the request that is offered; where the page is the telephone, it dials. */
  async take(request: number): Promise<void> {
    const body = new FormData(this.form);
    body.set("do", `call ${request}`);
    await this.ask(this.form.action, { method: "POST", body });
  }

  /** Whether a callback goes on, from the server. */
  follow(on: boolean): void {
    const begins = on && !this.open;
    this.open = on;
    if (!on) {
      this.panel.replaceChildren();
    } else if (begins) {
      void this.busy.then(() => {
        if (this.open && this.panel.childElementCount === 0) {
          return this.ask(this.panel.dataset.callback ?? "", {});
        }
        return undefined;
      });
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    if (form !== this.form && !this.panel.contains(form)) {
      return;
    }
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    void this.ask(form.action, { method: "POST", body });
  }

  private ask(address: string, request: RequestInit): Promise<void> {
    this.busy = this.busy.then(() => this.fetched(address, request));
    return this.busy;
  }

  private async fetched(address: string, request: RequestInit): Promise<void> {
    try {
      const response = await fetch(address, request);
      if (!response.ok || response.url.includes("/login/")) {
        throw new Error(`${response.status}`);
      }
      const answered = new DOMParser().parseFromString(await response.text(), "text/html");
      const call = answered.getElementById("call");
      const calling = call?.querySelector("[data-dial], [name=do]") != null;
      this.panel.replaceChildren(...(calling && call !== null ? call.childNodes : []));
      if (request.method === "POST") {
        this.said(answered.querySelector("main > [role=status]")?.textContent?.trim() ?? "");
      }
    } catch {
      this.said(this.offline);
    }
  }
}
