// What a page is told in its fragment, and where it shows the answer.

export const given = () => JSON.parse(decodeURIComponent(location.hash.slice(1)));

export async function show(answer) {
  const output = document.querySelector('output');
  try {
    output.textContent = await answer;
  } catch (error) {
    output.textContent = `${error.name}: ${error.message}`;
  }
}
