/** What the kernel said while something ran. */
import { closeSync, constants, openSync, readSync } from 'node:fs';

export interface KernelLog {
  /** The messages since the last call that match, each once. */
  since: (pattern: RegExp) => string[];
  close: () => void;
}

/** Opens the kernel's log at its end. */
export function openKernelLog(): KernelLog {
  const fd = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const record = Buffer.alloc(8192);
  const rest = (): string[] => {
    const messages: string[] = [];
    for (;;) {
      try {
        messages.push(messageOf(record.toString('utf8', 0, readSync(fd, record))));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EAGAIN') return messages;
        // Records that were overwritten before we read them.
        if (code !== 'EPIPE') throw error;
      }
    }
  };
  rest();
  return {
    since: (pattern) => [...new Set(rest().filter((message) => pattern.test(message)))],
    close: () => {
      closeSync(fd);
    },
  };
}

/** `priority,number,time,flags;message`, followed by lines of properties. */
export function messageOf(record: string): string {
  const start = record.indexOf(';') + 1;
  return (record.slice(start).split('\n')[0] ?? '').trim();
}
