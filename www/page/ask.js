// A dialog of the page itself.

/** @type {HTMLDialogElement | null} */
let asked = null;

/**
 * @param {object} question
 * @param {string} question.title
 * @param {string} question.text
 * @param {string} question.no
 * @param {string} [question.yes] Without it there is only one button.
 * @returns {Promise<boolean>} false if another question replaces it.
 */
export function askWhether({ title, text, no, yes }) {
  asked?.close();
  const dialog = document.createElement('dialog');
  asked = dialog;
  const heading = document.createElement('h1');
  heading.textContent = title;
  const words = document.createElement('p');
  words.textContent = text;
  dialog.append(heading, words);
  dialog.setAttribute('aria-label', title);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let answer = false;
    for (const word of yes ? [no, yes] : [no]) {
      const button = document.createElement('button');
      button.textContent = word;
      button.className = word === yes ? 'primary' : '';
      button.addEventListener('click', () => {
        answer = word === yes;
        dialog.close();
      });
      dialog.append(button);
    }
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(answer);
    });
    dialog.showModal();
  });
}
