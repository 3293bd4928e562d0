/** A cache by key ID that is cleared when it is full. For values whose loss costs at most one more call. */
export class BoundedMap<Value> {
  private readonly values = new Map<string, Value>();

  constructor(private readonly maxSize = 10_000) {}

  get(id: string): Value | undefined {
    return this.values.get(id);
  }

  set(id: string, value: Value): void {
    if (this.values.size >= this.maxSize && !this.values.has(id)) this.values.clear();
    this.values.set(id, value);
  }

  delete(id: string): void {
    this.values.delete(id);
  }
}
