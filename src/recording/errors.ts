/** Where and why a raw recording cannot be read. */
export interface RecordingFault {
  /** File as the caller named it. */
  file: string;
  /** Line counted from 1; absent where the file as a whole is at fault. */
  line?: number;
  /** The line itself. */
  text?: string;
  /** What is wrong, without full stop. */
  reason: string;
  /** What would have been right. */
  expected?: string;
}

/** A raw recording that is not what the recorder writes; the message names file and line. */
export class RecordingError extends Error {
  readonly fault: RecordingFault;

  constructor(fault: RecordingFault) {
    const place = fault.line === undefined ? fault.file : `${fault.file}:${fault.line}`;
    const expected = fault.expected === undefined ? '' : `, expected ${fault.expected}`;
    const text = fault.text === undefined ? '' : `\n    ${fault.text.slice(0, 200)}`;
    super(`${place}: ${fault.reason}${expected}${text}`);
    this.name = 'RecordingError';
    this.fault = fault;
  }
}
