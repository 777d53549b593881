// Runs work after the next frame, because a frame has only 16 ms.

/** Runs a function after the next frame, or at once if no frames are drawn. @param {() => void} run */
export function afterPaint(run) {
  if (document.visibilityState === 'hidden') run();
  else requestAnimationFrame(() => setTimeout(run));
}
