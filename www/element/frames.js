// What need not be done in the frame that is being made is done after it: a frame has 16 ms for all of it.

/** Does something when the next frame has been shown; at once where none is. @param {() => void} run */
export function afterFrame(run) {
  if (document.visibilityState === 'hidden') run();
  else requestAnimationFrame(() => setTimeout(run));
}
