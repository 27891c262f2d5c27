// Formulas with their numbers set low.

/** `MgCl2:6H2O` as MgCl₂·6H₂O; `K2` as K₂. */
export const formula = (text: string): string =>
  text.replace(/:/g, "·").replace(/([A-Za-z)])(\d+)/g, (_, atom: string, digits: string) => atom + [...digits].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join(""));
