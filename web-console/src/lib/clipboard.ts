/** Copies a text and says so. */
import { i18n } from './i18n/index.svelte';
import { toasts } from './toasts.svelte';

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toasts.done(i18n.t.common.acts.copied);
  } catch {
    copyBySelection(text);
  }
}

/** Where the page is not served over HTTPS the clipboard is closed, but a selection can still be copied. */
function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'sr-only';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (copied) toasts.done(i18n.t.common.acts.copied);
  else toasts.failed(new Error(i18n.t.common.acts.copyFailed));
}
