/**
 * Runs something once the browser has painted what the reader's input changed; several calls before
 * that count as one. The address, the live region and the slower parts of a figure can wait a frame:
 * what the reader pressed cannot.
 */
export function afterPaint(run: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      // A task of its own: the rest of this frame is the painting.
      setTimeout(() => {
        waiting = false;
        run();
      });
    });
  };
}
