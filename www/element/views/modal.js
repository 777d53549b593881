// Opens and closes dialogs, also where their methods are missing: jsdom has only the element.

/** @param {HTMLDialogElement | null | undefined} dialog */
export function showModal(dialog) {
  if (!dialog || dialog.open) return;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute('open', '');
}

/** @param {HTMLDialogElement | null | undefined} dialog */
export function closeModal(dialog) {
  if (!dialog?.open) return;
  if (dialog.close) {
    dialog.close();
    return;
  }
  dialog.removeAttribute('open');
  dialog.dispatchEvent(new Event('close'));
}
