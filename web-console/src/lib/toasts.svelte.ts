/** Short notes at the edge of the page about acts that are done or failed. Confined to: the page. */
import { ProblemError } from './rest';

const SHOWN_MS = 6000;

export type Toast = { id: number; kind: 'done' | 'failed'; text: string; hint: string | null };

class Toasts {
  list = $state.raw<Toast[]>([]);
  private last = 0;

  done(text: string): void {
    this.add({ id: ++this.last, kind: 'done', text, hint: null });
  }

  failed(fault: unknown): void {
    const problem = ProblemError.of(fault);
    this.add({ id: ++this.last, kind: 'failed', text: problem.detail, hint: problem.hint });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  private add(toast: Toast): void {
    this.list = [...this.list.slice(-3), toast];
    setTimeout(() => this.dismiss(toast.id), SHOWN_MS);
  }
}

export const toasts = new Toasts();
