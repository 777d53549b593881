// Reads the page's settings from its fragment, and shows the result of its call.

export const settings = () => JSON.parse(decodeURIComponent(location.hash.slice(1)));

export async function show(answer) {
  const output = document.querySelector('output');
  try {
    output.textContent = await answer;
  } catch (error) {
    output.textContent = `${error.name}: ${error.message}`;
  }
}
