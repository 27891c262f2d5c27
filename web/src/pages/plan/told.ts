// Which figures of a comparison tell what a moved harvest means: products, feed ahead, and potassium that is lost.

const TOLD = [/^product /, /^feed ahead/, /^K (leaked|out|left)/, /^harvest (Carnallite|Sylvite)$/];

/** By the English name, which is the same in every language of the page. */
export const isTold = (name: string): boolean => TOLD.some((one) => one.test(name));
