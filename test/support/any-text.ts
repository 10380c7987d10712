/** Any text at all, lone halves of characters included. */

import fc from 'fast-check';

/** fast-check's own strings of this kind take a second to begin. */
export function anyText({ maxLength }: { readonly maxLength: number }): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.integer({ min: 0xd800, max: 0xdfff }));
  return fc.array(unit, { maxLength }).map((units) => String.fromCharCode(...units));
}
