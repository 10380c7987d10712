/** Where a box goes that belongs to something on the screen. Pure geometry, in CSS pixels. */

/** Edges, as `getBoundingClientRect` gives them. */
export interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How large something is. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Between the box and what it belongs to, and between the box and the edge of the window. */
const GAP_PX = 6;

/** On which side of its anchor a box is, and which of its edges lies on the anchor's. */
export interface Side {
  readonly above: boolean;
  readonly alignRight: boolean;
}

/** Left and top: on the wanted side where there is room, else on the other, never cut off. */
export function placeBeside(
  anchor: Edges,
  box: Size,
  view: Size,
  { above, alignRight }: Side,
): { readonly left: number; readonly top: number } {
  const over = anchor.top - GAP_PX - box.height;
  const under = anchor.bottom + GAP_PX;
  const fitsOver = over >= GAP_PX;
  const fitsUnder = under + box.height <= view.height - GAP_PX;
  const isOver = above ? fitsOver || !fitsUnder : fitsOver && !fitsUnder;
  const left = alignRight ? anchor.right - box.width : anchor.left;
  return {
    left: within(left, view.width - box.width),
    top: within(isOver ? over : under, view.height - box.height),
  };
}

function within(at: number, most: number): number {
  return Math.max(GAP_PX, Math.min(at, most - GAP_PX));
}
