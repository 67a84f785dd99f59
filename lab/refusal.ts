/** An error whose message is all that the reader needs; no stack is printed. */
export class Refusal extends Error {
  /** What the program answers to its caller: 2 for bad usage, 1 for what the machine lacks. */
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
