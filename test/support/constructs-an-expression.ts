/** An expression of exponential cost, for the test of the check of all expressions. Nothing else uses it. */
export const constructed = new RegExp(`^(${'a+'})+$`);
